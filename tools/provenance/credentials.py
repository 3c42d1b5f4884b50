"""Content credentials by the C2PA reference library, signed with the workspace's development certificate."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import c2pa

from callsheet.tools.provenance.certificate import development_chain
from callsheet.tools.provenance.port import Provenance, SigningFailed, Standing

_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_GENERATOR = "Callsheet"


class DevelopmentSigner:
    """Signs with a certificate of this workspace's own; any reader elsewhere will call it untrusted."""

    standing: Standing = "development"

    def __init__(self, folder: Path, now: datetime, version: str) -> None:
        leaf, root, key = development_chain(folder, now)
        self._chain = leaf.read_text() + root.read_text()
        self._root = root.read_text()
        self._key = key.read_text()
        self._version = version

    async def sign(self, source: Path, target: Path, provenance: Provenance) -> None:
        """Write a signed copy and read it back; only a file that verifies counts."""
        await asyncio.to_thread(self._sign, source, target, provenance)

    def _sign(self, source: Path, target: Path, provenance: Provenance) -> None:
        if source.resolve() == target.resolve():
            raise SigningFailed(f"{source.name} cannot be signed in place: its bytes would be lost")
        info = c2pa.C2paSignerInfo(
            alg=b"es256", sign_cert=self._chain.encode(), private_key=self._key.encode(), ta_url=None
        )
        context = c2pa.Context.from_dict(self._settings())
        manifest = json.dumps(_manifest(provenance, self._version))
        try:
            with c2pa.Builder(manifest, context) as builder:
                builder.sign_file(str(source), str(target), c2pa.Signer.from_info(info))
            state = c2pa.Reader(str(target), context=context).get_validation_state()
        except c2pa.C2paError as error:
            raise SigningFailed(f"{provenance.title} could not be signed: {error}") from error
        if state != "Trusted":
            raise SigningFailed(f"{provenance.title} was signed but reads back as {state}")

    def _settings(self) -> dict[str, Any]:
        return {
            "version": 1,
            "builder": {"thumbnail": {"enabled": False}},
            "verify": {
                "verify_after_sign": True,
                "verify_trust": True,
                "remote_manifest_fetch": False,
                "ocsp_fetch": False,
            },
            "trust": {"trust_anchors": self._root},
        }


def _manifest(provenance: Provenance, version: str) -> dict[str, Any]:
    kind = "compositeWithTrainedAlgorithmicMedia" if provenance.is_generated else "composite"
    agent = {"name": _GENERATOR, "version": version}
    return {
        "claim_generator_info": [agent],
        "title": provenance.title,
        "format": "video/mp4",
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {
                    "actions": [
                        {"action": "c2pa.created", "digitalSourceType": _SOURCE_TYPE + kind, "softwareAgent": agent},
                        {"action": "c2pa.edited", "parameters": {"description": "cut, captions, end card, loudness"}},
                    ]
                },
            },
            {
                "label": "org.callsheet.clearance",
                "data": {
                    "essence": provenance.essence,
                    "takes": list(provenance.shots),
                    "releases": list(provenance.releases),
                    "claims": list(provenance.claims),
                },
            },
        ],
    }
