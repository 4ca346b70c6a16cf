"""The configuration: every fault is one sentence that names its key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from printer_pi.config import Config, ConfigError, find, load
from printer_pi.uris import parse

SERVER = '[server]\nurl = "https://x.example"\nrestaurant = "r"\ntoken = "rdt_a"\n'
PRINTER = '[[printer]]\nname = "kitchen"\nuri = "tcp://10.0.0.5"\n'


def read(tmp_path: Path, text: str, **env: str) -> Config:
    path = tmp_path / "printer-pi.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, env)


def faults(tmp_path: Path, text: str, **env: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, **env)
    return caught.value.faults


def test_the_smallest_configuration_has_good_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, SERVER + PRINTER, STATE_DIRECTORY="/var/lib/p:/other")
    (printer,) = config.printers
    assert config.server is not None
    assert (config.server.url, config.server.token) == ("https://x.example", "rdt_a")
    assert (printer.width, printer.model, printer.confirm) == (0, "", "auto")
    assert (printer.drawer_open, printer.stall_seconds) == ("", 300)
    assert (printer.stations, printer.targets[0].port) == ((), 9100)
    assert config.state_dir == Path("/var/lib/p")
    assert "rdt_a" not in repr(config)


def test_the_example_in_the_readme_works(tmp_path: Path) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", readme, re.S)
    assert blocks
    server = {"URL": "https://x.example", "RESTAURANT": "r", "TOKEN": "rdt_a"}
    env = {f"PRINTER_PI_{key}": value for key, value in server.items()}
    for block in blocks:
        config = read(tmp_path, block, **env)
        assert config.printers
        assert config.notes == ()


def test_the_environment_wins(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        SERVER + PRINTER,
        PRINTER_PI_URL="http://127.0.0.1:5000/",
        PRINTER_PI_RESTAURANT="r2",
        PRINTER_PI_TOKEN="rdt_b",
    )
    assert config.server is not None
    assert config.server.url == "http://127.0.0.1:5000"
    assert config.server.restaurant == "r2"
    assert config.server.token == "rdt_b"


def test_the_token_may_live_in_a_file_or_a_systemd_credential(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("rdt_file\n", "utf-8")
    bare = SERVER.replace('token = "rdt_a"\n', "")
    config = read(tmp_path, f'{bare}token_file = "{tmp_path}/token"\n{PRINTER}')
    assert config.server is not None
    assert config.server.token == "rdt_file"
    config = read(tmp_path, bare + PRINTER, CREDENTIALS_DIRECTORY=str(tmp_path))
    assert config.server is not None
    assert config.server.token == "rdt_file"


def test_test_and_status_need_no_server(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(PRINTER, "utf-8")
    assert load(path, {}, need_server=False).server is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PRINTER, "server.url is missing (or set PRINTER_PI_URL)."),
        (PRINTER, "server.token is missing (or set PRINTER_PI_TOKEN)."),
        (SERVER, "printer is missing: write at least one [[printer]]."),
        (
            SERVER.replace("https:", "ftp:") + PRINTER,
            "server.url must be an http:// or https:// address.",
        ),
        (
            SERVER.replace("x.example", "me:pass@x.example") + PRINTER,
            "server.url must not hold a name or a password.",
        ),
        (
            SERVER.replace("rdt_a", "abc") + PRINTER,
            'server.token must be a device token, which starts with "rdt_".',
        ),
        (
            SERVER + 'token_file = "/x"\n' + PRINTER,
            "server.token and server.token_file exclude each other.",
        ),
        (
            SERVER.replace('token = "rdt_a"', 'token_file = "/nowhere"') + PRINTER,
            "server.token_file /nowhere cannot be read: No such file or directory.",
        ),
        (
            SERVER + "tokens = 1\n" + PRINTER,
            "server.tokens is not a key printer-pi knows.",
        ),
        (
            SERVER + PRINTER + "color = 1\n",
            "printer 1: color is not a key printer-pi knows.",
        ),
        (
            SERVER + PRINTER + "width = 60\n",
            "printer 1: width must be one of 58, 80.",
        ),
        (
            SERVER + PRINTER + 'confirm = "ack"\n',
            ("printer 1: confirm must be one of auto, process_id, gs_r, drain, none."),
        ),
        (
            SERVER + PRINTER + "drawer_open = true\n",
            "printer 1: drawer_open must be one of high, low.",
        ),
        (
            SERVER + PRINTER + "model = 5\n",
            "printer 1: model must be a text of at most 120 letters.",
        ),
        (
            SERVER + PRINTER + 'stations = "kitchen"\n',
            'printer 1: stations must be a list of names, as ["kitchen"].',
        ),
        (
            SERVER + PRINTER + "stall_seconds = 1\n",
            "printer 1: stall_seconds must be a whole number, 5 to 3600.",
        ),
        (
            "hold_seconds = 26\n" + SERVER + PRINTER,
            "hold_seconds must be a whole number, 0 to 25.",
        ),
        (
            "hold_seconds = true\n" + SERVER + PRINTER,
            "hold_seconds must be a whole number, 0 to 25.",
        ),
        (SERVER + PRINTER + PRINTER, 'printer: name "kitchen" is used twice.'),
        (
            SERVER + PRINTER.replace("kitchen", ""),
            "printer 1: name must be 1 to 64 letters, digits, spaces, _ . or -.",
        ),
        (
            SERVER + PRINTER.replace("tcp:", "http:"),
            (
                'printer 1: uri "http://10.0.0.5" must be one of "tcp://host:9100",'
                ' "file:///dev/usb/lp0", "serial:///dev/ttyUSB0?baud=38400",'
                ' "usb://04b8:0e15", "ipp://host/ipp/print", "cups://queue",'
                ' "file:///path?mode=append", "dir:///path" or "terminal:".'
            ),
        ),
        (
            "state_dir = 5\n" + SERVER + PRINTER,
            "state_dir must be the path of a directory.",
        ),
        ("server = 1\n" + PRINTER, "server must be a table, written [server]."),
    ],
)
def test_faults_name_their_key(tmp_path: Path, text: str, fault: str) -> None:
    assert fault in faults(tmp_path, text)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = '[[printer]]\nname = "a"\nuri = []\nwidth = 1\n'
    found = faults(tmp_path, text)
    assert len(found) == 5
    assert all(fault.endswith(".") for fault in found)


def test_a_file_that_is_missing_or_not_toml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "none.toml", {})
    assert "is not TOML" in faults(tmp_path, "url = ")[0]


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("tcp://", "needs a host"),
        ("tcp://h:0", "port"),
        ("tcp://h:99999", "port"),
        ("tcp://h/x", "host and a port only"),
        ("file://relative", "absolute path"),
        ("dir:relative", "absolute path"),
        ("file:///x?mode=write", "unknown mode"),
        ("file:///dev/usb/lp0?mode=append", "is a device"),
        ("dir:///x?format=pdf", "unknown format"),
        ("dir:///x?colour=1", 'unknown option "colour"'),
        ("terminal:tty1", 'must be written "terminal:"'),
        ("lpd://printer", "must be one of"),
        ("usb://04b8", "two numbers of lsusb"),
        ("usb://04b8:0e1g", "two numbers of lsusb"),
        ("serial://ttyUSB0", "absolute path"),
        ("serial:///dev/ttyUSB0?baud=fast", "baud rate"),
        ("serial:///dev/ttyUSB0?flow=xon", "unknown flow"),
        ("serial:///dev/ttyUSB0?bits=7", 'unknown option "bits"'),
        ("ipp://printer", "a host and a path"),
        ("ipp:///ipp/print", "a host and a path"),
        ("ipp://h:0/ipp/print", "port"),
        ("ipp://me:pass@h/ipp/print", "no name and no password"),
        ("cups://me@h/queue", "no name and no password"),
        ("cups://", "the name of a queue"),
        ("cups://a b", "the name of a queue"),
    ],
)
def test_addresses_that_make_no_sense(uri: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        parse(uri)


def test_addresses_that_do() -> None:
    assert parse("tcp://[::1]:9101").host == "::1"
    assert parse("file:///dev/usb/lp0").kind == "device"
    assert parse("file:///a%20b?mode=append&format=text").path == "/a b"
    assert parse("dir:///tickets").format == "text"
    assert parse("dir:///tickets?format=escpos").format == "escpos"
    assert parse("terminal:").format == "frame"


def test_addresses_of_other_ways() -> None:
    serial = parse("serial:///dev/ttyUSB0?baud=38400&flow=rtscts")
    assert (serial.path, serial.baud, serial.has_flow) == ("/dev/ttyUSB0", 38400, True)
    assert parse("serial:///dev/ttyS0").baud == 9600
    usb = parse("usb://04B8:0e15/X1-2")
    assert (usb.vendor, usb.product, usb.serial) == (0x04B8, 0x0E15, "X1-2")
    assert parse("usb://04b8:0e15").serial == ""
    ipp = parse("ipp://printer.lan/ipp/print")
    assert ipp.url == "http://printer.lan:631/ipp/print"
    assert ipp.path == "ipp://printer.lan/ipp/print"
    assert parse("ipps://[::1]:8631/ipp").url == "https://[::1]:8631/ipp"
    queue = parse("cups://kitchen")
    assert queue.url == "http://localhost:631/printers/kitchen"
    assert queue.path == "ipp://localhost/printers/kitchen"
    assert parse("cups://box:8631/bar").url == "http://box:8631/printers/bar"


def test_keys_that_the_server_took_over_are_told_and_left(tmp_path: Path) -> None:
    config = read(tmp_path, SERVER + PRINTER + "columns = 42\ncut = false\n")
    assert config.notes == (
        "printer 1: columns has no effect any more: see the printer on the staff page.",
        "printer 1: cut has no effect any more: see the printer on the staff page.",
    )


def test_the_configuration_is_found_where_it_is(tmp_path: Path) -> None:
    credentials = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert find(None, {}) == find(None, credentials) == "/etc/printer-pi.toml"
    (tmp_path / "config").write_text("", "utf-8")
    assert find(None, credentials) == str(tmp_path / "config")
    assert find(None, {**credentials, "PRINTER_PI_CONFIG": "/a"}) == "/a"
    assert find("/b", {**credentials, "PRINTER_PI_CONFIG": "/a"}) == "/b"
