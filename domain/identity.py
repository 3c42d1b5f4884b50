"""Typed names. Two ids of different kinds cannot be swapped without the type checker noticing."""

from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
AccountId = NewType("AccountId", str)
RunId = NewType("RunId", str)
ShotId = NewType("ShotId", str)
TakeId = NewType("TakeId", str)
VariantId = NewType("VariantId", str)
PlacementId = NewType("PlacementId", str)
CameoId = NewType("CameoId", str)
ReleaseId = NewType("ReleaseId", str)
ClaimId = NewType("ClaimId", str)
DisclosureId = NewType("DisclosureId", str)
TopicId = NewType("TopicId", str)
WaiverId = NewType("WaiverId", str)
FactId = NewType("FactId", str)
GateId = NewType("GateId", str)
BatchId = NewType("BatchId", str)
JobId = NewType("JobId", str)
PurchaseKey = NewType("PurchaseKey", str)
PublicationId = NewType("PublicationId", str)
PurseId = NewType("PurseId", str)
"""What the book keeps a balance for: a run, a campaign, a campaign's price tier, a day."""
Digest = NewType("Digest", str)
"""The lower-case hex SHA-256 of exact bytes: of a document's canonical JSON, or of a file."""
