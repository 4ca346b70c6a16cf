"""What an Epson printer says and what it is answered, with the manuals' wrong XML."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core.bitmaps import Bitmap
from restaurant.core.errors import BadRequest
from restaurant.features.epson import rules
from restaurant.features.epson.models import Condition, Form, Result
from restaurant.features.papers.models import Layout
from restaurant.features.printers.models import Fault

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
RESPONSE = 'xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"'

# As printers send it, with and without the id of the job.
WELL_2 = (
    f'{HEAD}<PrintResponseInfo Version="2.00"><ePOSPrint><Parameter>'
    "<devid>local_printer</devid><printjobid>ABC123</printjobid></Parameter>"
    f'<PrintResponse><response {RESPONSE} success="true" code="" '
    'status="251854870" battery="0"/></PrintResponse></ePOSPrint></PrintResponseInfo>'
)
WELL_1 = (
    f'{HEAD}<PrintResponseInfo Version="1.00"><response success="true" code="" '
    'status="251854870" battery="0"/></PrintResponseInfo>'
)
# As a manual prints it: what was opened is closed in another order, or opened again.
MIS_NESTED = (
    f'{HEAD}<PrintResponseInfo Version="2.00">\n<ePOSPrint>\n<Parameter>\n'
    "<devid>local_printer</devid>\n<printjobid>ABC123</printjobid>\n</Parameter>\n"
    '<PrintResponse>\n<response success="false" code="EX_BADPORT" status="1" '
    'battery="0"/>\n</PrintResponseInfo>\n</ePOSPrint>\n<PrintResponseInfo>'
)
THREE = (
    f'{HEAD}<PrintResponseInfo Version="3.00"><ServerDirectPrint>'
    '<Response Success="true"/></ServerDirectPrint><ePOSPrint><Parameter>'
    "<devid>local_printer</devid><printjobid>ABC123</printjobid></Parameter>"
    f'<PrintResponse><response {RESPONSE} success="true" code="" status="251658262" '
    'battery="0"/></PrintResponse></ePOSPrint><ePOSDisplay><Parameter>'
    "<devid>local_display</devid><printjobid>ABC456</printjobid></Parameter>"
    '<DisplayResponse><response success="false" code="EDSP_NOT_FOUND" status="0"/>'
    "</DisplayResponse></ePOSDisplay></PrintResponseInfo>"
)
REFUSED = (
    f'{HEAD}<PrintResponseInfo Version="3.00"><ServerDirectPrint>'
    '<Response Success="false"><ErrorSummary>Invalid XML format</ErrorSummary>'
    "<ErrorDetail>Entity: line 99: parser error</ErrorDetail></Response>"
    "</ServerDirectPrint></PrintResponseInfo>"
)
STATUS = (
    f'{HEAD}<statusmonitor Version="1.00">'
    '<printerstatus devicename="kitchen_printer" asbstatus = "0x00000001"/>'
    '<printerstatus devicename="local_printer" asbstatus = "0x0F00003C"/>'
    "</statusmonitor>"
)


def test_a_form_says_what_it_is_about() -> None:
    assert rules.form_of(b"ConnectionType=GetRequest&ID=&Name=") == Form("GetRequest")
    raw = urlencode({"ConnectionType": "SetResponse", "ID": "1", "ResponseFile": "<a>"})
    assert rules.form_of(raw.encode()) == Form("SetResponse", "<a>")
    raw = urlencode({"ConnectionType": "SetStatus", "ID": "", "Status": "<b>"})
    assert rules.form_of(raw.encode()) == Form("SetStatus", "<b>")


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"\xff\xfe", b"ID=1", b"&".join([b"a=1"] * 50)]
)
def test_what_is_no_form_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        rules.form_of(raw)
    assert refused.value.code == "body.form"


def test_results_are_read_in_every_version() -> None:
    one, two, three = map(rules.report_of, (WELL_1, WELL_2, THREE))
    assert (one.version, two.version, three.version) == ("1.00", "2.00", "3.00")
    assert one.results == (Result(True, "", None, 251854870),)
    assert two.results == (Result(True, "", "ABC123", 251854870),)
    assert three.results == (
        Result(True, "", "ABC123", 251658262),
        Result(False, "EDSP_NOT_FOUND", "ABC456", 0),
    )
    assert one.refusal is two.refusal is three.refusal is None


def test_wrongly_nested_xml_says_the_same() -> None:
    report = rules.report_of(MIS_NESTED)
    assert report.version == "2.00"
    assert report.results == (Result(False, "EX_BADPORT", "ABC123", 1),)


def test_a_printer_that_cannot_read_us_says_so() -> None:
    report = rules.report_of(REFUSED)
    assert (report.results, report.refusal) == ((), "Invalid XML format")
    failure = rules.refusal_of("Invalid XML format")
    assert (failure.code, failure.retryable) == ("epson.refused", False)


def test_foreign_entities_are_never_expanded() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "true">]>' + WELL_2.replace('"true"', '"&b;"')
    assert rules.report_of(bomb).results[0].is_success is False


@given(
    st.text(
        alphabet="<>/=\"' response printjobid success true Version 1.20x", max_size=400
    )
)
def test_no_xml_is_too_strange_to_read(xml: str) -> None:
    rules.report_of(xml)
    rules.asb_of(xml)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<response ",
            "<response success=",
            "<PrintResponseInfo Version",
            "<Response ",
        ),
        *(
            "<printjobid>",
            "<printjobid>a",
            "<printerstatus ",
            "<ErrorSummary>",
            'a="',
            " ",
        ),
    ],
)
def test_a_quarter_of_a_megabyte_of_anything_is_read_to_its_end(piece: str) -> None:
    """A pattern that looks back and back again would not come out of this."""
    text = (piece * (262_144 // len(piece) + 1))[:262_144]
    assert not any(result.is_success for result in rules.report_of(text).results)
    assert rules.asb_of(text) is None


def test_the_printers_own_bits_are_found_among_others() -> None:
    assert rules.asb_of(STATUS) == 0x0F00003C
    alone = STATUS.replace("local_printer", "bar_printer")
    assert rules.asb_of(alone) == 1
    assert rules.asb_of("<statusmonitor/>") is None
    assert rules.asb_of('<printerstatus asbstatus="0xZZ"/>') is None


@pytest.mark.parametrize(
    ("bits", "condition"),
    [
        (0x0F000014, Condition(True, "ok", "closed", "open")),
        (0x0F000010, Condition(True, "ok", "closed", "closed")),
        (0x00000001, Condition(False, fault=Fault.OFFLINE)),
        (0x00000008, Condition(False, "ok", "closed", "closed", Fault.OFFLINE)),
        (0x00000028, Condition(False, "ok", "open", "closed", Fault.COVER_OPEN)),
        (0x00080008, Condition(False, "out", "closed", "closed", Fault.PAPER_OUT)),
        (0x00020000, Condition(True, "low", "closed", "closed")),
        (0x00000408, Condition(False, "ok", "closed", "closed", Fault.ERROR)),
        (0x00000808, Condition(False, "ok", "closed", "closed", Fault.ERROR)),
        (0x00002008, Condition(False, "ok", "closed", "closed", Fault.ERROR)),
        (0x00004008, Condition(False, "ok", "closed", "closed", Fault.ERROR)),
    ],
)
def test_status_bits_say_how_the_printer_is(bits: int, condition: Condition) -> None:
    assert rules.condition_of(bits) == condition


@pytest.mark.parametrize(
    ("code", "word", "is_retryable", "is_in_doubt"),
    [
        ("EPTR_REC_EMPTY", "printer.paper_out", True, True),
        ("EPTR_COVER_OPEN", "printer.cover_open", True, True),
        ("EPTR_CUTTER", "printer.error", True, True),
        ("EPTR_MECHANICAL", "printer.error", True, True),
        ("EPTR_AUTOMATICAL", "printer.error", True, True),
        ("EPTR_UNRECOVERABLE", "printer.error", True, True),
        ("EX_BADPORT", "printer.offline", True, False),
        ("DeviceNotFound", "printer.error", True, False),
        ("EX_TIMEOUT", "epson.EX_TIMEOUT", True, True),
        ("EX_SPOOLER", "epson.EX_SPOOLER", True, False),
        ("PrintSystemError", "epson.PrintSystemError", True, True),
        ("SchemaError", "epson.SchemaError", False, False),
        ("", "epson.unknown", True, True),
        ("a b\n", "epson.a_b_", True, True),
    ],
)
def test_a_job_that_fails_says_what_to_do_with_it(
    code: str, word: str, is_retryable: bool, is_in_doubt: bool
) -> None:
    failure = rules.failure_of(Result(False, code))
    assert failure is not None
    assert (failure.code, failure.retryable) == (word, is_retryable)
    assert failure.in_doubt is is_in_doubt


def test_a_printer_that_fails_again_rests_longer_up_to_two_minutes() -> None:
    rests = [rules.rest_ms(faults) // 1000 for faults in (1, 2, 3, 4, 99)]
    assert rests == [30, 60, 120, 120, 120]


def test_a_job_that_came_out_is_no_failure() -> None:
    assert rules.failure_of(Result(True, "EPTR_REC_EMPTY")) is None


def test_a_request_is_xml_that_a_strict_parser_reads() -> None:
    dots = Bitmap(16, 2, b"\x80\x01\xff\x00")
    body = rules.paper_body([dots, dots], Layout(buzzer="epson"), calls=True)
    root = ET.fromstring(rules.print_request(body, "abc123"))
    assert (root.tag, root.attrib) == ("PrintRequestInfo", {"Version": "2.00"})
    parameter = root.find("ePOSPrint/Parameter")
    assert parameter is not None
    assert [(each.tag, each.text) for each in parameter] == [
        ("devid", "local_printer"),
        ("timeout", "50000"),
        ("printjobid", "abc123"),
    ]
    space = "{http://www.epson-pos.com/schemas/2011/03/epos-print}"
    paper = root.find(f"ePOSPrint/PrintData/{space}epos-print")
    assert paper is not None
    assert [each.tag.removeprefix(space) for each in paper] == [
        *("sound", "image", "cut", "image", "cut"),
    ]
    image = paper.find(f"{space}image")
    assert image is not None
    assert image.attrib == {
        "width": "16",
        "height": "2",
        "color": "color_1",
        "mode": "mono",
    }
    assert b64decode(image.text or "") == dots.rows
    assert paper.find(f"{space}cut").attrib == {"type": "feed"}  # type: ignore[union-attr]


def test_version_one_names_no_job() -> None:
    text = rules.print_request(rules.pulse(5), None)
    root = ET.fromstring(text)
    assert root.attrib == {"Version": "1.00"}
    assert "printjobid" not in text
    assert '<pulse drawer="drawer_2" time="pulse_100"/>' in text


def test_without_a_knife_paper_is_fed_and_a_bell_hangs_where_a_drawer_would() -> None:
    dots = Bitmap(8, 1, b"\x01")
    uncut = rules.paper_body([dots], Layout(cut="none"), calls=True)
    assert uncut.endswith('<feed line="5"/>')
    bell = rules.paper_body([dots], Layout(buzzer="drawer"), calls=True)
    assert bell.startswith('<pulse drawer="drawer_1" time="pulse_100"/><image ')
    assert "<sound" not in bell
    for buzzer in ("epson", "drawer"):
        mute = rules.paper_body([dots], Layout(buzzer=buzzer), calls=False)
        assert mute.startswith("<image ")
