"""Whoever writes: the house, or a chat model."""

from callsheet.tools.writer.chat import ChatWriter
from callsheet.tools.writer.house import HouseWriter
from callsheet.tools.writer.kept import RUN, Books, KeptWriter, by_the_house
from callsheet.tools.writer.port import Task, Writer, WriterFailed, Written

__all__ = [
    "RUN",
    "Books",
    "ChatWriter",
    "HouseWriter",
    "KeptWriter",
    "Task",
    "Writer",
    "WriterFailed",
    "Written",
    "by_the_house",
]
