"""What `make dist` makes: only what runs, the same bytes every time, a true hash."""

import hashlib
import io
import json
import re
import zipfile

import dist
import staging

FOREIGN = ("tests/", "dev/", "bench/", "node_modules/", "static/demo/", "/.", ".pyc")


def test_the_zip_holds_what_runs_and_nothing_else(tmp_path):
    release = dist.make_release(tmp_path)

    with zipfile.ZipFile(release) as archive:
        names = archive.namelist()
        config = json.loads(archive.read("restaurant/config.json"))
    assert {name.split("/")[0] for name in names} == {"restaurant"}
    assert [name for name in names if any(part in name for part in FOREIGN)] == []
    assert {"restaurant/__init__.py", "restaurant/static/routes.json"} <= set(names)
    assert "restaurant/adapters/raster/fonts/NotoSans-Regular.ttf" in names
    assert release.name == f"restaurant-{config['version']}.zip"


def test_the_zip_serves_the_printer_pi_that_its_installer_asks_for(tmp_path):
    release = dist.make_release(tmp_path)

    served = "restaurant/static/printer-pi"
    with zipfile.ZipFile(release) as archive:
        installer = archive.read(f"{served}/install.sh").decode()
        [version] = re.findall(r"^version=(\S+)$", installer, re.MULTILINE)
        wheel = archive.read(f"{served}/printer_pi-{version}-py3-none-any.whl")
    with zipfile.ZipFile(io.BytesIO(wheel)) as package:
        assert "printer_pi/cli.py" in package.namelist()
        assert "printer_pi/data/printer-pi.service" in package.namelist()


def test_the_same_files_make_the_same_bytes_and_the_manifest_tells_their_hash(tmp_path):
    first = dist.make_release(tmp_path / "a", "http://here/")
    second = dist.make_release(tmp_path / "b", "http://here")

    assert first.read_bytes() == second.read_bytes()
    [entry] = json.loads((tmp_path / "a/manifest.json").read_text())["extensions"]
    assert entry["hash"] == hashlib.sha256(first.read_bytes()).hexdigest()
    assert entry["archive"] == f"http://here/{first.name}"
    assert entry["version"] == dist.read_json(staging.REPO / "config.json")["version"]
