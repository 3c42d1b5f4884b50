"""The fault of servers that sell less than was asked and only say so in the answer."""

from callsheet.tools.sandbox.fault import Fault
from callsheet.tools.sandbox.order import Order
from callsheet.tools.sandbox.settings import SandboxSettings


def clamped(order: Order, fault: Fault, settings: SandboxSettings) -> tuple[int, str]:
    """Length and size of the job that is really made."""
    if fault.name != "clamped":
        return order.seconds, order.size
    if fault.argument == "size":
        width, height = (max(64, int(side) // 4 * 2) for side in order.size.split("x"))
        return order.seconds, f"{width}x{height}"
    shorter = [sold for sold in settings.sold_seconds if sold < order.seconds]
    return (max(shorter) if shorter else max(1, order.seconds - 1)), order.size
