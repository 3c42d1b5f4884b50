"""The screening room: what came back is looked at and listened to before it counts."""

from callsheet.tools.scan.bench import Bench
from callsheet.tools.scan.entity import EntityReader
from callsheet.tools.scan.face import FaceScanner
from callsheet.tools.scan.nudity import NudityScanner
from callsheet.tools.scan.port import FaceMatcher, Footage, NameReader, Reel, Scanner, ScannerFailed
from callsheet.tools.scan.product import ProductScanner
from callsheet.tools.scan.scan import ScanRoom
from callsheet.tools.scan.speech import SpeechScanner
from callsheet.tools.scan.text import TextScanner

__all__ = [
    "Bench",
    "EntityReader",
    "FaceMatcher",
    "FaceScanner",
    "Footage",
    "NameReader",
    "NudityScanner",
    "ProductScanner",
    "Reel",
    "ScanRoom",
    "Scanner",
    "ScannerFailed",
    "SpeechScanner",
    "TextScanner",
]
