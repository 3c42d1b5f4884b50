"""Everything that can stop Callsheet, as one tree. Each class says the situation; the message says what to do next.

    CallsheetError                     Callsheet could not do what it was asked
    ├── WrongUse                       the command or call itself makes no sense here
    │   └── ExtraMissing               a part that is installed separately is not installed
    ├── InputInvalid                   what was given cannot be used as it is
    │   ├── CampaignInvalid            (tools.intake) the campaign folder has problems; all of them are listed
    │   └── NotSold                    (domain.provider) the provider sells no length that covers a shot
    ├── NotFound                       no such run, gate, shot, take, file
    ├── Waiting                        a person must decide before anything goes on
    ├── Refused                        a law of the house says no
    │   ├── OverBudget                 it would cost more seconds or money than was approved
    │   ├── ReleaseMissing             no signed permission covers the use of a person's likeness at this moment
    │   ├── LedgerBroken               (domain.ledger) an entry was changed, dropped, added or moved
    │   └── ClaimUnapproved            words on screen or in speech are not in the approved claims
    └── ProviderTrouble                the video, chat or storage service did not do its part

A room may derive its own leaves from these branches; what a branch means for the command's exit code is decided in
`callsheet.cli.console`, never here.
"""


class CallsheetError(Exception):
    """Callsheet could not do what it was asked. The message says what happened, where, and what to do next.

    `needs_person` says that the same thing asked again would end the same way until a person has done something.
    """

    needs_person: bool = True


class WrongUse(CallsheetError):
    """The command or call makes no sense here."""


class ExtraMissing(WrongUse):
    """A part that is installed separately is not installed."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f'{purpose} needs an extra part. Install it with: pip install "callsheet[{extra}]"')
        self.extra = extra


class InputInvalid(CallsheetError):
    """What was given cannot be used as it is."""


class NotFound(CallsheetError):
    """No such run, gate, shot, take or file."""


class Waiting(CallsheetError):
    """A person must decide before anything goes on."""


class Refused(CallsheetError):
    """A law of the house says no."""


class OverBudget(Refused):
    """It would cost more seconds or money than was approved."""


class ReleaseMissing(Refused):
    """No signed permission covers this use of a person's likeness at this moment."""


class ClaimUnapproved(Refused):
    """Words on screen or in speech are not in the approved claims."""


class ProviderTrouble(CallsheetError):
    """The video, chat or storage service did not do its part."""

    needs_person: bool = False
