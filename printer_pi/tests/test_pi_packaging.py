"""What gets the daemon onto a machine: the unit, the installer, the Debian package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from printer_pi import __version__
from printer_pi.config import load

PACKAGE = Path(__file__).resolve().parents[1]
DATA = PACKAGE / "src/printer_pi/data"
LIBRARIES = ("httpx", "httpcore", "h11", "anyio", "idna", "certifi", "usb", "serial")


def run(*command: str | Path, **env: str) -> str:
    """What the command printed; AssertionError with all of it when it failed."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def verified(unit: Path, folder: Path) -> str:
    """What systemd has against the unit, its program taken for one that is there."""
    copy = folder / unit.name
    text = unit.read_text("utf-8")
    copy.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), "utf-8")
    return run("systemd-analyze", "verify", "--man=no", copy)


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package: building leaves things behind in its folder."""
    target = tmp_path_factory.mktemp("source") / "printer_pi"
    hidden = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "tests")
    shutil.copytree(PACKAGE, target, ignore=hidden)
    return target


def test_systemd_has_nothing_against_the_unit(tmp_path: Path) -> None:
    assert verified(DATA / "printer-pi.service", tmp_path) == ""


def test_a_mistake_in_a_unit_would_be_seen(tmp_path: Path) -> None:
    bad = tmp_path / "a" / "printer-pi.service"
    bad.parent.mkdir()
    text = (DATA / "printer-pi.service").read_text("utf-8")
    bad.write_text(text.replace("WatchdogSec", "WatchdogSecs"), "utf-8")
    assert "WatchdogSecs" in verified(bad, tmp_path)


def test_the_configuration_to_begin_with_is_a_good_one() -> None:
    config = load(DATA / "printer-pi.toml", {}, need_server=False)
    assert [printer.name for printer in config.printers] == ["kitchen"]


def test_one_version_is_said_everywhere() -> None:
    for name in ("pyproject.toml", "install.sh"):
        found = re.search(r'(?m)^version ?= ?"?([0-9.]+)', (PACKAGE / name).read_text())
        assert found is not None
        assert found[1] == __version__


def test_the_installer_installs_and_installs_again(
    source: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    command = ("sh", source / "install.sh", "--root", root, "--with", "usb,serial")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    said = run(*command, "--server", "https://x.example/", PATH=path)
    assert "printer-pi pair --url https://x.example\n" in said
    program = root / "opt/printer-pi/bin/printer-pi"
    assert run(program, "--version") == f"{__version__}\n"
    run(root / "opt/printer-pi/bin/python", "-c", "import usb.core, serial")
    unit = root / "etc/systemd/system/printer-pi.service"
    assert verified(unit, tmp_path) == ""
    config = root / "etc/printer-pi.toml"
    assert config.stat().st_mode & 0o777 == 0o600
    config.write_text("# mine\n", "utf-8")
    # A new Python of the system leaves an environment behind that is none any more,
    # and whoever runs this may keep what is made to themselves.
    libraries = next((root / "opt/printer-pi/lib").iterdir())
    libraries.rename(libraries.with_name("python3.0"))
    strict = ("sh", "-c", 'umask 077; exec "$@"', "sh")
    assert f"Keeping {config}" in run(*strict, *command, PATH=path)
    assert config.read_text("utf-8") == "# mine\n"
    assert run(program, "--version") == f"{__version__}\n"
    for path_of_all in (program, *program.parents[:2], libraries / "site-packages"):
        assert path_of_all.stat().st_mode & 0o055 == 0o055, path_of_all


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "/nowhere.whl"), "/nowhere.whl is not there"),
        (("--with",), "--with needs a value, or is not known"),
        (("--color", "red"), "there is no option --color"),
    ],
)
def test_the_installer_says_what_is_wrong(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = subprocess.run(
        ["sh", PACKAGE / "install.sh", "--root", tmp_path, *arguments],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, f"install.sh: {says}\n")
    assert list(tmp_path.iterdir()) == []


def test_the_debian_package_holds_all_it_needs(source: Path, tmp_path: Path) -> None:
    said = run("sh", source / "packaging/build_deb.sh", tmp_path, PYTHON=sys.executable)
    deb = tmp_path / f"printer-pi_{__version__}_all.deb"
    assert said.splitlines()[-1] == str(deb)
    fields = run("dpkg-deb", "-f", deb, "Architecture", "Depends")
    assert fields == "Architecture: all\nDepends: python3 (>= 3.10)\n"
    listed = run("dpkg-deb", "-c", deb)
    wanted = ["usr/bin/printer-pi", "lib/systemd/system/printer-pi.service"]
    library = "usr/lib/printer-pi"
    wanted += [f"{library}/{name}/__init__.py" for name in (*LIBRARIES, "printer_pi")]
    wanted += [f"{library}/printer_pi/data/printer-pi.toml"]
    for path in wanted:
        assert f" ./{path}\n" in listed, path
    assert "etc/printer-pi.toml" not in listed  # it is its owner's
    assert "root/root" in listed.splitlines()[0]
    assert ".so\n" not in listed

    run("dpkg-deb", "-x", deb, tmp_path / "root")
    program = (tmp_path / "root/usr/bin/printer-pi").read_text("utf-8")
    there = program.replace("/usr/lib/printer-pi", str(tmp_path / "root" / library))
    assert run(sys.executable, "-I", "-S", "-c", there, "--version") == (
        f"{__version__}\n"
    )
    unit = tmp_path / "root/lib/systemd/system/printer-pi.service"
    assert "ExecStart=/usr/bin/printer-pi run\n" in unit.read_text("utf-8")
    assert verified(unit, tmp_path) == ""
    for script in ("postinst", "prerm"):
        run("dpkg-deb", "-e", deb, tmp_path / "control")
        run("sh", "-n", tmp_path / "control" / script)
