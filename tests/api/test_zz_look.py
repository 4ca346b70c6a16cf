async def test_look(shop):
    import time
    from harness import API
    for s in ("ticket","receipt","slip","test"):
        for r in ("raster","text"):
            for n in range(3):
                t=time.perf_counter()
                a=await shop.client.post(f"{API}/restaurants/{shop.id}/print_preview", json={"sample":s,"layout":{"render":r,"language":"es","header":"Plaza %d"%n}}, headers=shop.wallet.admin)
                t=time.perf_counter()-t
            print(s,r,a.status_code, round(t*1000,1),"ms")
            open(f"/tmp/enc/{s}_{r}.png","wb").write(a.content)
