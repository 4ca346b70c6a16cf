async def test_boot(client):
    r = await client.get("/restaurant/api/v1/restaurants/none")
    print(r.status_code, r.text)
    assert r.status_code == 404
