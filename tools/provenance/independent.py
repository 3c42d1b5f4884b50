"""A second opinion: a reader that shares no code with the library that signs. It runs here and reports nothing home."""

import json
from pathlib import Path
from typing import Any

from callsheet.domain.credential import Reading
from callsheet.tools.provenance.kind import media_type_of
from callsheet.tools.provenance.reading import failures_in

LARGEST = 512 * 1024 * 1024
"""Bytes. The reader takes the whole file into memory."""


class IndependentReader:
    """Encypher's verifier, with our anchors alone."""

    name = "encypher-c2pa"

    def __init__(self, anchors: str) -> None:
        import encypher_c2pa

        self.version: str = encypher_c2pa.__version__
        # Its convenience function saves a choice about telemetry in the user's home; the function beneath does not.
        self._options = json.dumps(
            {
                "trust_pem": anchors or None,
                "no_default_trust": True,
                "online": False,
                "telemetry": {"enabled": False, "endpoint": None, "sdk_name": "python"},
            }
        )

    def read(self, path: Path) -> Reading:
        """Read a film or picture of any name."""
        from encypher_c2pa import verify_bytes  # type: ignore[attr-defined]  # public, but not in its __all__

        if (size := path.stat().st_size) > LARGEST:
            return self._reading("unread", notes=(f"{size} bytes are more than this reader takes",))
        try:
            report: dict[str, Any] = json.loads(verify_bytes(path.read_bytes(), media_type_of(path), self._options))
        except (ValueError, RuntimeError) as error:
            return self._reading("invalid", failures=(str(error),))
        if not report.get("present"):
            return self._reading("absent")
        store = report.get("manifest_report") or {}
        manifests = store.get("manifests", {})
        parts = [
            (str(one["data"].get("dc:title", "")), one["data"].get("validationResults") or {})
            for manifest in manifests.values()
            for one in manifest.get("assertions", [])
            if str(one.get("label", "")).startswith("c2pa.ingredient")
        ]
        failures, notes = failures_in({"activeManifest": report.get("validation_results", {})}, parts)
        signature = manifests.get(store.get("active_manifest"), {}).get("signature_info", {})
        return Reading(
            reader=self.name,
            version=self.version,
            state=_state_of(report.get("validation_state"), failures),
            serial=str(signature.get("cert_serial_number", "")),
            manifests=len(manifests),
            ingredients=len(parts),
            failures=failures,
            notes=notes,
        )

    def _reading(self, state: Any, failures: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Reading:
        return Reading(reader=self.name, version=self.version, state=state, failures=failures, notes=notes)


def _state_of(state: object, failures: tuple[str, ...]) -> Any:
    if state == "Invalid" or failures:
        return "invalid"
    return "trusted" if state == "Trusted" else "untrusted"
