"""Readings of published cuts: from a CSV file, from a simulated audience, or none yet."""

from callsheet.tools.telemetry.csv_reader import HEADER, CsvTelemetry, TelemetryInvalid, read_csv
from callsheet.tools.telemetry.port import NoTelemetry, Telemetry
from callsheet.tools.telemetry.simulator import SimulatedTelemetry, simulate

__all__ = [
    "HEADER",
    "CsvTelemetry",
    "NoTelemetry",
    "SimulatedTelemetry",
    "Telemetry",
    "TelemetryInvalid",
    "read_csv",
    "simulate",
]
