"""Words of CloudPRNT: what a Star printer says, and what it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

PNG = "image/png"
TEXT = "text/plain"


@dataclass(frozen=True)
class StarCode:
    """A status code of three digits (None: nothing that we can read) with its words.

    ``2…`` is well, ``4…`` a fault of the printer, ``5…`` a fault of the job.
    """

    number: int | None
    words: str = ""

    @property
    def family(self) -> int:
        """The first digit; 0 for none."""
        return (self.number or 0) // 100


@dataclass(frozen=True)
class Poll:
    """What a printer says of itself when it asks; only ``code`` is always there.

    ``answers`` are what it tells of itself because it was asked, by question.
    """

    code: StarCode
    mac: str | None = None
    is_printing: bool = False
    answers: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Facts:
    """What a printer is: seconds between its polls, dots across its paper, its model,
    the media it takes. None, or empty: it did not tell."""

    poll_seconds: int | None = None
    dots: int | None = None
    model: str | None = None
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    """What a printer gets to print, with the headers that steer it."""

    media: str
    data: bytes
    headers: Mapping[str, str]


class Question(BaseModel):
    request: str
    options: str = ""


class PollAnswer(BaseModel):
    """Either questions or a job, never both; fields that say nothing are left out."""

    job_ready: bool = Field(False, alias="jobReady")
    media_types: list[str] | None = Field(None, alias="mediaTypes")
    job_token: str | None = Field(None, alias="jobToken")
    client_action: list[Question] | None = Field(None, alias="clientAction")

    class Config:
        allow_population_by_field_name = True

    def wire(self) -> dict[str, Any]:
        """As the printer reads it."""
        return self.dict(by_alias=True, exclude_none=True)
