"""A certificate that cannot sign stops the start with a sentence; one that can is tried on a real film."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from unit.provenance.authority import C2PA, DOCUMENT, EMAIL, KEYS, NOW, SERVER, Authority, film, private_pem, provenance

from callsheet.tools.provenance.certificate import development_chain
from callsheet.tools.provenance.identity import development_identity, own_identity
from callsheet.tools.provenance.port import CertificateUnusable

Issue = Callable[[Authority], tuple[Path, Path]]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def load(pair: tuple[Path, Path], anchors: Path | None = None, passphrase: str = "") -> Any:
    return own_identity(*pair, passphrase, anchors, NOW)


@pytest.mark.parametrize(
    ("kind", "usage"),
    [
        *((kind, EMAIL) for kind in ("es256", "es384", "es512", "ps256", "ed25519")),
        ("es256", DOCUMENT),
        ("es256", C2PA),
    ],
)
async def test_every_certificate_that_is_accepted_signs_what_both_readers_trust(
    authority: Authority, tmp_path: Path, kind: str, usage: str
) -> None:
    pytest.importorskip("c2pa", reason="the provenance extra is not installed")
    from callsheet.tools.provenance.open import signer_for

    cert, key = authority.issue(kind, usage=usage)
    signer = signer_for(tmp_path / "signing", NOW, "1", cert=str(cert), key=str(key), anchors=str(authority.anchors))
    take = film(tmp_path / "take.mp4", "testsrc")
    seal = await signer.sign(film(tmp_path / "film.mp4", "testsrc2"), tmp_path / "out.mp4", provenance(take))
    assert signer.standing == "trusted"
    assert (seal.by.organisation, seal.by.algorithm) == ("Longrun Media", kind)
    assert [one.state for one in seal.readings] == ["trusted", "trusted"]
    assert not seal.by.is_of_workspace


@pytest.mark.parametrize(
    ("issue", "says"),
    [
        (lambda a: a.issue(ends=timedelta(hours=-1), starts=timedelta(days=-90)), "expired on .*renew it"),
        (lambda a: a.issue(starts=timedelta(days=3)), "is valid only from"),
        (lambda a: a.issue(usage=SERVER), "lacks the extended key usage"),
        (lambda a: a.issue(usage=None), "lacks the extended key usage"),
        (lambda a: a.issue(usage="2.5.29.37.0"), "lacks the extended key usage"),
        (lambda a: a.issue(names_issuer=False), "has no authority key identifier"),
        (lambda a: a.issue(organisation=None), "names no organisation"),
        (lambda a: a.issue(signs=False), "key usage digitalSignature is missing"),
        (lambda a: a.issue(is_authority=True), "is an authority's"),
        (lambda a: a.issue("short rsa"), "that is too short"),
        (lambda a: (a.anchors, written(a.folder / "root.key", private_pem(a.key))), "signed itself"),
    ],
)  # fmt: skip
def test_a_certificate_that_readers_would_refuse_is_refused_at_once(
    authority: Authority, issue: Issue, says: str
) -> None:
    pair = issue(authority)
    with pytest.raises(CertificateUnusable, match=says) as refused:
        load(pair, authority.anchors)
    assert str(pair[0]) in str(refused.value)
    assert "CALLSHEET_SIGN_CERT" in str(refused.value)


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_key_of_another_certificate_is_refused(authority: Authority) -> None:
    cert, _ = authority.issue()
    _, other = authority.issue()
    with pytest.raises(CertificateUnusable, match="is not the key of the first certificate"):
        load((cert, other))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "cannot be used"),
        (b"\x30\x82\x00", "cannot be used"),
        (private_pem(KEYS["dsa"]()), "no EC, RSA or Ed25519 key"),
    ],
)
def test_what_is_no_usable_key_is_refused(authority: Authority, data: bytes, says: str) -> None:
    cert, key = authority.issue()
    key.write_bytes(data)
    with pytest.raises(CertificateUnusable, match=says):
        load((cert, key))


@pytest.mark.parametrize("data", [b"", b"no certificate", b"\x30\x82\x01\x0a", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_refused(authority: Authority, data: bytes) -> None:
    cert, key = authority.issue()
    cert.write_bytes(data)
    with pytest.raises(CertificateUnusable, match="holds no certificate in PEM form"):
        load((cert, key))


def test_a_missing_file_and_a_folder_are_named(authority: Authority, tmp_path: Path) -> None:
    cert, key = authority.issue()
    for pair, anchors in (
        ((tmp_path / "none.pem", key), None),
        ((cert, tmp_path), None),
        ((cert, key), tmp_path / "x"),
    ):
        with pytest.raises(CertificateUnusable, match=r"\(CALLSHEET_SIGN_(CERT|KEY|ANCHORS)\) cannot be read"):
            load(pair, anchors)


def test_a_passphrase_is_asked_for_checked_and_not_told(authority: Authority) -> None:
    cert, key = authority.issue(passphrase="correct horse")
    assert load((cert, key), passphrase="correct horse").by.organisation == "Longrun Media"
    with pytest.raises(CertificateUnusable, match="is encrypted: set CALLSHEET_SIGN_PASSPHRASE"):
        load((cert, key))
    with pytest.raises(CertificateUnusable, match="the passphrase in CALLSHEET_SIGN_PASSPHRASE is wrong") as refused:
        load((cert, key), passphrase="battery staple")
    assert "battery" not in str(refused.value)
    with pytest.raises(CertificateUnusable, match="is not encrypted, and a passphrase is set"):
        load(authority.issue(), passphrase="correct horse")


def test_a_chain_in_the_wrong_order_is_refused(authority: Authority, tmp_path: Path) -> None:
    cert, key = authority.issue(with_root=False)
    stranger = Authority(tmp_path / "stranger")
    cert.write_bytes(cert.read_bytes() + stranger.anchors.read_bytes())
    with pytest.raises(CertificateUnusable, match="certificate 2 did not issue certificate 1"):
        load((cert, key))


def test_only_a_chain_that_reaches_an_anchor_is_trusted(authority: Authority, tmp_path: Path) -> None:
    for with_root in (True, False):
        pair = authority.issue(with_root=with_root)
        assert load(pair, authority.anchors).standing == "trusted"
        assert load(pair).standing == "development"
        with pytest.raises(CertificateUnusable, match="does not lead to any certificate"):
            load(pair, Authority(tmp_path / "stranger").anchors)


def test_anchors_never_make_the_development_certificate_trusted(authority: Authority, tmp_path: Path) -> None:
    identity = development_identity(tmp_path / "signing", NOW, authority.anchors)
    assert identity.standing == "development"
    assert identity.by.is_of_workspace
    assert authority.anchors.read_text() in identity.anchors


def test_only_the_user_can_read_the_private_key(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "signing"
    development_chain(folder, NOW)
    assert stat.S_IMODE((folder / "leaf.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.parent.iterdir()] == ["signing"]
    assert sorted(path.name for path in folder.iterdir()) == ["leaf.key", "leaf.pem", "root.pem"]


def test_the_certificate_is_made_once(tmp_path: Path) -> None:
    assert development_identity(tmp_path / "s", NOW).by == development_identity(tmp_path / "s", NOW).by


def test_many_who_start_at_once_get_one_matching_chain(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "signing"
    with ThreadPoolExecutor(8) as people:
        made = list(people.map(lambda _: development_identity(folder, NOW).by.fingerprint, range(8)))
    assert len(set(made)) == 1
    identity = own_identity(folder / "leaf.pem", folder / "leaf.key", "", folder / "root.pem", NOW)
    assert identity.by.fingerprint == made[0]
    assert [path.name for path in folder.parent.iterdir()] == ["signing"]
