"""Keys, accounts and signatures never reach a recording, and what was scrubbed is found again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.replay.scrub import HIDDEN, Scrub

KEY = "vk-live-4711-secret"
SCRUB = Scrub((KEY, ""), {"api.customer.example:8443": "video.invalid"})


def test_a_key_is_overwritten_in_bodies_and_addresses() -> None:
    assert KEY.encode() not in SCRUB.data(f'{{"said": "your key {KEY} is wrong"}}'.encode())
    assert KEY not in SCRUB.address(f"https://api.customer.example:8443/v1/videos?who={KEY}")


def test_a_server_keeps_its_scheme_and_path_and_loses_its_name_and_user() -> None:
    seen = SCRUB.address("https://anna:pw@api.customer.example:8443/base/v1/videos?limit=5")
    assert seen == "https://video.invalid/base/v1/videos?limit=5"


@pytest.mark.parametrize(
    "name",
    ["X-Amz-Signature", "X-Amz-Credential", "X-Goog-Signature", "sig", "token", "Signature", "Key-Pair-Id", "key"],
)
def test_a_signed_address_loses_its_signature_and_nothing_else(name: str) -> None:
    signed = f"https://cdn.example/clips/a.mp4?part=2&{name}=abc%2Fdef123&end=1"
    assert SCRUB.address(signed) == f"https://cdn.example/clips/a.mp4?part=2&{name}={HIDDEN}&end=1"
    assert f"{name}={HIDDEN}".encode() in SCRUB.data(f'{{"url":"{signed}"}}'.encode())


def test_the_address_in_an_answer_and_the_request_that_follows_it_are_scrubbed_alike() -> None:
    signed = "https://cdn.example/a.mp4?X-Amz-Date=20260301&X-Amz-Signature=abc"
    in_answer = SCRUB.data(f'{{"url":"{signed}"}}'.encode())
    assert SCRUB.address(signed).encode() in in_answer


def test_headers_are_left_out_but_for_those_that_something_reads() -> None:
    headers, _ = SCRUB.question(
        {"Authorization": f"Bearer {KEY}", "Cookie": "a=b", "X-Stainless-Os": "x", "Idempotency-Key": "k-1"}, b""
    )
    assert headers == {"idempotency-key": "k-1"}
    kept = SCRUB.answered(
        {
            "Set-Cookie": ["s=1"],
            "Openai-Organization": ["us"],
            "Date": ["Sun, 01 Mar 2026 00:00:00 GMT"],
            "Retry-After": ["3"],
            "Location": ["https://cdn.example/a?sig=1"],
        }
    )
    assert kept == {"retry-after": ["3"], "location": [f"https://cdn.example/a?sig={HIDDEN}"]}


def test_a_form_has_the_same_words_whatever_its_boundary() -> None:
    def form(boundary: str) -> tuple[dict[str, str], bytes]:
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="size"\r\n\r\n160x284\r\n--{boundary}--\r\n'
        return SCRUB.question({"Content-Type": f"multipart/form-data; boundary={boundary}"}, body.encode())

    assert form("0f3a9b") == form("77aa01")


@given(st.binary(max_size=200))
def test_scrubbing_twice_changes_nothing_more(data: bytes) -> None:
    once = SCRUB.data(data + KEY.encode() + b"?sig=1&token=2 " + data)
    assert SCRUB.data(once) == once
    assert KEY.encode() not in once


def test_a_short_secret_is_no_key_and_overwrites_nothing() -> None:
    assert Scrub(("", "a")).data(b"a banana") == b"a banana"


def test_a_key_is_found_as_addresses_and_json_write_it() -> None:
    scrub = Scrub(('vk/live+4711"x',))
    assert scrub.address("http://a.example/x?who=vk%2Flive%2B4711%22x&b=1") == f"http://a.example/x?who={HIDDEN}&b=1"
    told = b'{"said": "no key vk/live+4711\\"x"}'
    assert scrub.finds_secret(told)
    assert scrub.data(told) == b'{"said": "no key scrubbed"}'


def test_a_signature_behind_an_escaped_ampersand_is_lost_too() -> None:
    told = b'{"url":"https://cdn.example/a?x=1\\u0026X-Amz-Signature=abc\\u0026end=1"}'
    assert SCRUB.data(told) == b'{"url":"https://cdn.example/a?x=1\\u0026X-Amz-Signature=scrubbed\\u0026end=1"}'


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/srv/models/x/small.gguf", "small.gguf"),
        ("~/models/small.gguf", "small.gguf"),
        (r"C:\\Users\\ana\\small.gguf", "small.gguf"),
        ("D:/models/small.gguf", "small.gguf"),
        ("maker/small-7b", "maker/small-7b"),
        ("small", "small"),
        ("/", "/"),
    ],
)
def test_where_a_model_lies_on_the_machine_of_whoever_records_is_lost(said: str, kept: str) -> None:
    told = '{"model": "%s", "content": "/a/b is a path"}'
    assert Scrub().data((told % said).encode()).decode() == told % kept


@pytest.mark.parametrize(
    "name", ["api_key", "apiKey", "access_token", "refresh_token", "client_secret", "secret_key", "Password"]
)
def test_a_value_that_is_named_as_a_key_is_lost_in_json_and_in_json_that_is_quoted(name: str) -> None:
    assert (
        Scrub().data(f'{{"{name}": "abc/123", "id": "7"}}'.encode()) == f'{{"{name}": "{HIDDEN}", "id": "7"}}'.encode()
    )
    quoted = json.dumps({"said": json.dumps({name: "abc", "id": "7"})})
    assert Scrub().data(quoted.encode()) == quoted.replace("abc", HIDDEN).encode()


@given(st.binary(max_size=60))
def test_what_counts_tokens_is_no_key(data: bytes) -> None:
    body = b'{"total_tokens": 17, "max_tokens": "9", "token_type": "x", "said": "' + data.hex().encode() + b'"}'
    assert Scrub().data(body) == body
