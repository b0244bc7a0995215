"""What a page weighs on its way: Brotli, gzip or neither, as the browser says; the length tells nothing."""

import gzip
from typing import Any

import brotli
import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from icm.compression import CompressedPages

TEXT = b"Visit the family together and agree who does what before the next meeting. " * 20


def answered(accepts: str, response: HttpResponseBase) -> Any:
    def page(request: HttpRequest) -> HttpResponseBase:
        return response

    answer = CompressedPages(page)(RequestFactory().get("/", headers={"accept-encoding": accepts}))
    assert isinstance(answer, HttpResponseBase)
    return answer


@pytest.mark.parametrize("accepts", ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, br;q=0.9"])
def test_a_browser_that_takes_brotli_gets_it(accepts: str) -> None:
    answer = answered(accepts, HttpResponse(TEXT))

    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.content) < len(TEXT) / 5
    assert brotli.decompress(answer.content) == TEXT


@pytest.mark.parametrize("accepts", ["gzip", "gzip, br;q=0", "gzip, br;q=0.0, deflate", "gzip, brr"])
def test_any_other_gets_gzip(accepts: str) -> None:
    answer = answered(accepts, HttpResponse(TEXT))

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == TEXT


@pytest.mark.parametrize("accepts", ["", "identity"])
def test_who_takes_neither_gets_the_page_as_it_is(accepts: str) -> None:
    assert answered(accepts, HttpResponse(TEXT)).content == TEXT


def test_the_length_of_two_same_answers_differs() -> None:
    paddings = {len(answered("br", HttpResponse(TEXT)).headers["X-Padding"]) for _ in range(30)}

    assert len(paddings) > 5


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"short"),
        HttpResponse(TEXT, headers={"Content-Encoding": "identity"}),
    ],
)
def test_what_gains_nothing_or_is_compressed_already_stays(response: HttpResponse) -> None:
    before = response.content

    assert answered("br", response).content == before


def test_a_stream_is_not_gathered_for_brotli() -> None:
    answer = answered("br", StreamingHttpResponse([TEXT]))

    assert not answer.has_header("Content-Encoding")
