"""Content credentials by the C2PA reference library: signs with a callback, so the key may live anywhere, and reads.

Only a file that every reader trusts, nested ingredients included, counts as signed.
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from callsheet.domain.credential import Reading, Seal, Standing, objections
from callsheet.tools.provenance.identity import USAGES, SigningIdentity
from callsheet.tools.provenance.kind import FILM, media_type_of
from callsheet.tools.provenance.manifest import ingredient_of, manifest_of
from callsheet.tools.provenance.port import CredentialReader, IngredientUnsound, Provenance, SigningFailed
from callsheet.tools.provenance.reading import failures_in

_OTHER_USAGES = ("1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9")
"""Time stamping and OCSP signing, which the library's own list has too; a list of ours takes its place."""


class ContentSigner:
    """Signs with one identity and has every reader look at what came out."""

    def __init__(self, identity: SigningIdentity, readers: Sequence[CredentialReader], version: str) -> None:
        self.identity = identity
        self._readers = tuple(readers)
        self._version = version

    @property
    def standing(self) -> Standing:
        """Whether the chain reaches an anchor that the user named."""
        return self.identity.standing

    async def sign(self, source: Path, target: Path, provenance: Provenance) -> Seal:
        """Write a signed copy and read it back; only a file that every reader trusts counts."""
        return await asyncio.to_thread(self._sign, source, target, provenance)

    async def verify(self, path: Path) -> tuple[Reading, ...]:
        """What every reader makes of a file."""
        return await asyncio.to_thread(lambda: tuple(one.read(path) for one in self._readers))

    def _sign(self, source: Path, target: Path, provenance: Provenance) -> Seal:
        if source.resolve() == target.resolve():
            raise SigningFailed(f"{source.name} cannot be signed in place: its bytes would be lost")
        self._check_ingredients(provenance)
        self._write(source, target, provenance)
        readings = tuple(one.read(target) for one in self._readers)
        if against := objections(readings, self.identity.by.serial):
            target.unlink()
            raise SigningFailed(f"{provenance.title} was signed but does not read back: {'; '.join(against)}")
        return Seal(by=self.identity.by, readings=readings)

    def _check_ingredients(self, provenance: Provenance) -> None:
        """The library embeds a broken ingredient and still calls the whole trusted, so they are read first."""
        reader = ReferenceReader(self.identity.anchors)
        for one in provenance.origin.sources:
            seen = reader.read(provenance.files[one.digest], one.media_type)
            if seen.state == "invalid":
                why = "; ".join(seen.failures)
                remedy = f"circle another take of {one.shot} or shoot it again" if one.shot else "replace the picture"
                raise IngredientUnsound(
                    f"{provenance.title} was not signed: the content credentials inside {one.id} do not hold "
                    f"({why}); {remedy}"
                )

    def _write(self, source: Path, target: Path, provenance: Provenance) -> None:
        import c2pa

        key = _Remembering(self.identity)
        try:
            algorithm = c2pa.C2paSigningAlg[self.identity.by.algorithm.upper()]
            manifest = manifest_of(provenance, self.standing, self.identity.by, self._version)
            context = c2pa.Context.from_dict(settings_for(self.identity.anchors))
            with (
                c2pa.Signer.from_callback(key, algorithm, self.identity.chain) as signer,
                c2pa.Builder(json.dumps(manifest), context) as builder,
            ):
                for one in provenance.origin.sources:
                    with provenance.files[one.digest].open("rb") as media:
                        builder.add_ingredient(json.dumps(ingredient_of(one)), one.media_type, media)
                with source.open("rb") as film, target.open("w+b") as signed:
                    builder.sign(signer, FILM, film, signed)
        except c2pa.C2paError as error:
            target.unlink(missing_ok=True)
            raise SigningFailed(f"{provenance.title} could not be signed: {key.trouble or error}") from error


class _Remembering:
    """Calls the key holder; the library forgets why a signature failed, so it is kept here."""

    def __init__(self, identity: SigningIdentity) -> None:
        self._identity = identity
        self.trouble = ""

    def __call__(self, data: bytes) -> bytes:
        try:
            return self._identity.key.sign(data)
        except Exception as error:
            self.trouble = f"the key did not sign: {error}"
            raise


class ReferenceReader:
    """The library that also signs. It walks every manifest and ingredient; trust is to the given anchors alone."""

    name = "c2pa-python"

    def __init__(self, anchors: str) -> None:
        import c2pa

        self.version: str = c2pa.__version__
        self._settings = settings_for(anchors)

    def read(self, path: Path, media_type: str = "") -> Reading:
        """Read a film or picture of any name; its kind is seen from its bytes where nobody says it."""
        import c2pa

        try:
            with path.open("rb") as media:
                reader = c2pa.Reader(
                    media_type or media_type_of(path), media, context=c2pa.Context.from_dict(self._settings)
                )
                state, store = reader.get_validation_state(), json.loads(reader.json())
        except c2pa.C2paError as error:
            if type(error).__name__.endswith("ManifestNotFound"):
                return self._reading("absent")
            return self._reading("invalid", failures=(str(error),))
        manifests = store.get("manifests", {})
        signature = manifests.get(store.get("active_manifest"), {}).get("signature_info", {})
        ingredients = [one for manifest in manifests.values() for one in manifest.get("ingredients", [])]
        failures, notes = failures_in(
            store.get("validation_results", {}),
            [(str(one.get("title", "")), one.get("validation_results", {})) for one in ingredients],
        )
        return Reading(
            reader=self.name,
            version=self.version,
            state=_state_of(state or "", failures),
            serial=str(signature.get("cert_serial_number", "")),
            signer=str(signature.get("issuer", "")),
            manifests=len(manifests),
            ingredients=len(ingredients),
            failures=failures,
            notes=notes,
        )

    def _reading(self, state: Any, failures: tuple[str, ...] = ()) -> Reading:
        return Reading(reader=self.name, version=self.version, state=state, failures=failures)


def settings_for(anchors: str) -> dict[str, Any]:
    """Offline, no thumbnails, trust in these anchors (PEM; none: in nobody) for certificates with a usage we accept."""
    return {
        "version": 1,
        "builder": {"thumbnail": {"enabled": False}},
        "verify": {
            "verify_after_sign": True,
            "verify_trust": True,
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
        },
        "trust": {
            "trust_config": "\n".join((*USAGES, *_OTHER_USAGES)),
            **({"trust_anchors": anchors} if anchors else {}),
        },
    }


def _state_of(state: str, failures: Sequence[str]) -> Any:
    if state == "Invalid" or failures:
        return "invalid"
    return "trusted" if state == "Trusted" else "untrusted"
