"""Whoever writes: the house, or a chat model."""

from callsheet.tools.writer.chat import ChatWriter
from callsheet.tools.writer.house import HouseWriter
from callsheet.tools.writer.port import Task, Writer, WriterFailed, Written

__all__ = ["ChatWriter", "HouseWriter", "Task", "Writer", "WriterFailed", "Written"]
