"""What a provider says decides who is asked next: nobody, the Director, or a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callsheet.domain.trouble import Trouble, read_trouble

T = Trouble
REFUSALS = [
    (400, "sentinel_block", "Hmmm something didn't look right with your request.", T.CONTENT_POLICY),
    (400, "", "Hmmm something didn't look right with your request. Please try again later", T.CONTENT_POLICY),
    (400, "content_policy_violation", "", T.CONTENT_POLICY),
    (422, "", "Input was flagged by our content filter", T.CONTENT_POLICY),
    (429, "insufficient_quota", "You exceeded your current quota", T.QUOTA),
    (400, "billing_hard_limit_reached", "Billing hard limit has been reached", T.QUOTA),
    (402, "", "Payment required", T.QUOTA),
    (404, "model_not_found", "The model does not exist", T.PROVIDER_GONE),
    (400, "model_not_found", "There is no such model", T.PROVIDER_GONE),
    (404, "", "Not found", T.PROVIDER_GONE),
    (410, "", "", T.PROVIDER_GONE),
    (400, "", "Inpaint image must match the requested width and height", T.FIX_REQUEST),
    (413, "", "too large", T.FIX_REQUEST),
    (422, "", "Field required: prompt", T.FIX_REQUEST),
    (401, "invalid_api_key", "Incorrect API key provided", T.FIX_REQUEST),
    (403, "", "", T.FIX_REQUEST),
    (429, "rate_limit_exceeded", "Rate limit reached", T.RETRYABLE),
    (500, "server_error", "", T.RETRYABLE),
    (503, "", "", T.RETRYABLE),
]
FAILURES = [
    ("moderation_blocked", "Your request was blocked by our moderation system.", T.CONTENT_POLICY),
    ("", "Your request was blocked by our moderation system.", T.CONTENT_POLICY),
    ("400", "Your request was blocked by our moderation system.", T.CONTENT_POLICY),
    ("400", "size must be even", T.FIX_REQUEST),
    ("404", "no such adapter weights", T.FIX_REQUEST),
    ("429", "", T.RETRYABLE),
    ("500", "CUDA out of memory", T.RETRYABLE),
    ("internal_error", "", T.RETRYABLE),
    ("", "", T.RETRYABLE),
    ("insufficient_credits", "", T.QUOTA),
]


@pytest.mark.parametrize(("status", "code", "message", "trouble"), REFUSALS)
def test_a_refused_request(status: int, code: str, message: str, trouble: Trouble) -> None:
    assert read_trouble(status, code, message) is trouble


@pytest.mark.parametrize(("code", "message", "trouble"), FAILURES)
def test_a_failed_render(code: str, message: str, trouble: Trouble) -> None:
    assert read_trouble(None, code, message) is trouble


@given(st.none() | st.integers(), st.text(), st.text())
def test_whatever_is_said_it_is_one_kind_of_trouble(status: int | None, code: str, message: str) -> None:
    assert read_trouble(status, code, message) in Trouble


@given(st.integers(400, 499).filter(lambda status: status not in (408, 429)), st.sampled_from(["", "odd", "no"]))
def test_a_refusal_that_is_the_callers_own_fault_never_repeats_itself(status: int, said: str) -> None:
    assert not read_trouble(status, said, said).retries_itself
