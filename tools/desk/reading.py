"""The tools that only look: what a writer may use before it writes, and half of the crew's toolbox."""

from langchain_core.tools import BaseTool

from callsheet.tools.desk.check_line import check_line
from callsheet.tools.desk.desk import Desk
from callsheet.tools.desk.lookup_cameo import lookup_cameo
from callsheet.tools.desk.quote_seconds import quote_seconds
from callsheet.tools.desk.read_telemetry import read_telemetry
from callsheet.tools.desk.search_shots import search_shots
from callsheet.tools.desk.search_takes import search_takes


def reading_tools(desk: Desk) -> list[BaseTool]:
    """Quote seconds, check a line, look up a cameo, search shots and takes, read telemetry. None of them buys."""
    return [
        quote_seconds(desk),
        check_line(desk),
        lookup_cameo(desk),
        search_shots(),
        search_takes(desk),
        read_telemetry(desk),
    ]
