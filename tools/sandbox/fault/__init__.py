"""Faults on request: everything that goes wrong with real video services, to be played at will."""

from callsheet.tools.sandbox.fault.kind import KINDS, Argument, Kind, Stage
from callsheet.tools.sandbox.fault.named import NO_FAULT, Fault, UnknownFault, parse_fault
from callsheet.tools.sandbox.fault.scenario import CREATE, PATHS, Rule, Scenario, parse_scenario
from callsheet.tools.sandbox.fault.script import read_script

__all__ = [
    "CREATE",
    "KINDS",
    "NO_FAULT",
    "PATHS",
    "Argument",
    "Fault",
    "Kind",
    "Rule",
    "Scenario",
    "Stage",
    "UnknownFault",
    "parse_fault",
    "parse_scenario",
    "read_script",
]
