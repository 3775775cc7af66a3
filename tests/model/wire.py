"""Chat completions as they stand in HTTP: requests read, answers, chunks and errors written."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.model.replies import End, Spoken

Payload = dict[str, Any]

ID = "chatcmpl-1"
CREATED = 1_759_910_400
"""Seconds since 1970; the same in every answer, so that answers are."""
DONE = b"data: [DONE]\n\n"

ERRORS = {
    400: ("invalid_request_error", None, "We could not parse the JSON body of your request."),
    401: ("invalid_request_error", "invalid_api_key", "Incorrect API key provided: {key}."),
    403: ("invalid_request_error", "unsupported_country", "Country, region, or territory not supported."),
    404: (
        "invalid_request_error",
        "model_not_found",
        "The model `{model}` does not exist or you have no access to it.",
    ),
    429: ("requests", "rate_limit_exceeded", "Rate limit reached for {model}: limit 3, used 3, requested 1."),
    500: ("server_error", None, "The server had an error while processing your request."),
    503: ("server_error", None, "The engine is currently overloaded, please try again later."),
}
"""Type, code and message by status. As careless servers do, 401 repeats the key whole: nobody may pass that on."""


@dataclass(frozen=True)
class Request:
    """What a client asked for: header names in lower case, the body as it came."""

    path: str
    headers: Mapping[str, str]
    raw: bytes

    @cached_property
    def body(self) -> Payload:
        return dict(json.loads(self.raw or b"{}"))

    @property
    def key(self) -> str:
        """The key of the header, nothing if there is none."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def model(self) -> str:
        return str(self.body.get("model"))

    @property
    def streams(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Role and text of each message."""
        return [(message["role"], _text(message.get("content"))) for message in self.body["messages"]]

    @property
    def prompt(self) -> str:
        """The texts of all messages, a blank line between."""
        return "\n\n".join(text for _, text in self.messages)


def _text(content: str | list[Payload] | None) -> str:
    """The text of a message, which may be in parts."""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content or ())


def completion(request: Request, reply: Spoken) -> bytes:
    """The whole answer in one."""
    said = {"content": None, "refusal": reply.text} if reply.refuses else {"content": reply.text, "refusal": None}
    choice = {"index": 0, "message": {"role": "assistant", **said}, "logprobs": None, "finish_reason": reply.finish}
    return json.dumps(
        _frame(request, "chat.completion") | {"choices": [choice], "usage": _usage(request, reply)}
    ).encode()


def opening(request: Request) -> bytes:
    """The chunk before the first word."""
    return _chunk(request, {"role": "assistant", "content": ""})


def piece(request: Request, reply: Spoken, text: str) -> bytes:
    """The chunk with one piece."""
    return _chunk(request, {"refusal" if reply.refuses else "content": text})


def closing(request: Request, reply: Spoken) -> Iterator[bytes]:
    """What comes after the last word: why it ended, what it cost if that was asked for, the mark of the end."""
    if reply.end is End.ERROR:
        yield b"data: " + error(500, request) + b"\n\n"
    elif reply.end is End.WHOLE:
        yield _chunk(request, {}, reply.finish)
        if (request.body.get("stream_options") or {}).get("include_usage"):
            yield _event(_frame(request, "chat.completion.chunk") | {"choices": [], "usage": _usage(request, reply)})
        yield DONE


def error(status: int, request: Request) -> bytes:
    """The body of an error."""
    kind, code, message = ERRORS.get(status, ("server_error", None, f"Error {status}."))
    said = message.format(key=request.key, model=request.model)
    return json.dumps({"error": {"message": said, "type": kind, "param": None, "code": code}}).encode()


def catalogue(*names: str) -> bytes:
    """The models that there are."""
    models = [{"id": name, "object": "model", "created": CREATED, "owned_by": "tests"} for name in names]
    return json.dumps({"object": "list", "data": models}).encode()


def _frame(request: Request, kind: str) -> Payload:
    return {"id": ID, "object": kind, "created": CREATED, "model": request.model}


def _chunk(request: Request, delta: Payload, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _event(_frame(request, "chat.completion.chunk") | {"choices": [choice]})


def _event(payload: Payload) -> bytes:
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


def _usage(request: Request, reply: Spoken) -> Payload:
    """Tokens: words of the prompt, pieces of the reply."""
    asked, said = len(request.prompt.split()), len(reply.pieces)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}
