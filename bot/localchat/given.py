"""What a program sent with a call: its fields, read from any of the forms that the Bot API takes."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from bot.localchat.refusal import TOO_LARGE, Refused, bad_request

BODY_BYTES_MAX = 2**20
UPLOAD_BYTES_MAX = 50 * 2**20
PARTS_MAX = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """A call's fields as they came, and its files. Reading is as lenient as Telegram's: no number is 0."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.fields or name in self.files

    def text(self, name: str) -> str:
        value = self.fields.get(name, "")
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        return whole(self.fields.get(name), default)

    def boolean(self, name: str) -> bool:
        return self.text(name).strip().lower() in ("true", "yes", "1")

    def structure(self, name: str, words: str) -> Any:
        """A JSON value, given whole or as text; None where absent. `words` name it in the refusal."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {words} JSON object") from error

    def upload(self, name: str) -> Upload | None:
        """The file of a field, sent under its own name or as ``attach://other``."""
        reference = self.fields.get(name)
        if isinstance(reference, str) and reference.startswith("attach://"):
            return self.files.get(reference.removeprefix("attach://"))
        return self.files.get(name)


def whole(value: Any, default: int = 0) -> int:
    """`value` as a whole number, or `default` where it is none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


async def read(request: Request) -> Given:
    """The fields of query and body together; raises Refused where the body is too large or unreadable."""
    query = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Given(query | _as_object(await body(request, BODY_BYTES_MAX)))
    if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        limit = UPLOAD_BYTES_MAX + BODY_BYTES_MAX if kind.startswith("multipart") else BODY_BYTES_MAX
        return await _read_form(bounded(request, limit), query)
    return Given(query)


def _as_object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw) if raw.strip() else {}
    except ValueError as error:
        raise bad_request("can't parse JSON body") from error
    if not isinstance(value, dict):
        raise bad_request("object expected as JSON body")
    return value


async def body(request: Request, limit: int) -> bytes:
    """The whole body, at most `limit` bytes."""
    return b"".join([chunk async for chunk in _chunks(request, limit)])


async def _chunks(request: Request, limit: int) -> AsyncIterator[bytes]:
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit:
            raise too_large()
        yield chunk


def too_large() -> Refused:
    return Refused(TOO_LARGE, "Request Entity Too Large")


def bounded(request: Request, limit: int) -> Request:
    """The same request, whose body breaks off with a refusal after `limit` bytes."""
    received = 0

    async def receive() -> Any:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise too_large()
        return message

    return Request(request.scope, receive)


async def _read_form(request: Request, query: dict[str, Any]) -> Given:
    try:
        async with request.form(max_files=PARTS_MAX, max_fields=PARTS_MAX, max_part_size=BODY_BYTES_MAX) as form:
            items = list(form.multi_items())
            files = {name: await _upload(value) for name, value in items if isinstance(value, UploadFile)}
            fields = {name: value for name, value in items if isinstance(value, str)}
    except (MultiPartException, HTTPException) as error:
        raise bad_request("can't parse the form") from error
    return Given(query | fields, files)


async def _upload(part: UploadFile) -> Upload:
    content = await part.read(UPLOAD_BYTES_MAX + 1)
    if len(content) > UPLOAD_BYTES_MAX:
        raise too_large()
    return Upload(part.filename or "file", part.content_type or "application/octet-stream", content)
