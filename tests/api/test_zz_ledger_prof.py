import cProfile, pstats, time, pytest
from harness.shop import open_shop
@pytest.mark.usefixtures("quiet")
async def test_profile(client, make_wallet, set_rate):
    def menu(counted):
        return {"categories":[{"name":"A","items":[{"name":f"I{n}","price":"1","stock":100000 if counted else None} for n in range(200)]}]}
    shops={}
    for name,pol,c in (("plain","settle",False),("settle","settle",True),("reserve","reserve",True)):
        shops[name]=await open_shop(client, await make_wallet(), menu(c), currency="sat", stock_policy=pol, open_orders_max=10000, open_orders_per_address_max=10000, reserve_guest_percent=100)
    carts={k:s.cart(*(s.line(f"I{n}") for n in range(0,200,10))) for k,s in shops.items()}
    tot={k:0 for k in shops}
    for r in range(12):
        for k,s in shops.items():
            t=time.process_time()
            for _ in range(5): await s.placed(carts[k])
            if r>1: tot[k]+=time.process_time()-t
    print({k:round(v/50*1000,2) for k,v in tot.items()})
    pr=cProfile.Profile(); pr.enable()
    for _ in range(40): await shops["reserve"].placed(carts["reserve"])
    pr.disable(); pstats.Stats(pr).sort_stats('cumulative').print_stats('restaurant',45)
