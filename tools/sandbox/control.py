"""The control plane under `/_sim`: the bill, what was asked, the clock and the faults to come."""

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from callsheet.tools.sandbox.clock import VirtualClock
from callsheet.tools.sandbox.fault import UnknownFault, parse_scenario
from callsheet.tools.sandbox.problem import Problem
from callsheet.tools.sandbox.service import Service


def control_routes(service: Service) -> list[Route]:
    """The routes of the control plane."""

    async def ledger(_: Request) -> Response:
        return JSONResponse({"jobs": service.ledger()})

    async def requests(_: Request) -> Response:
        rows = [
            {"method": method, "path": path, "status": status, "count": count}
            for (method, path, status), count in sorted(service.requests.items())
        ]
        return JSONResponse({"requests": rows})

    async def clock(request: Request) -> Response:
        is_virtual = isinstance(service.clock, VirtualClock)
        if request.method == "PUT":
            if not isinstance(service.clock, VirtualClock):
                raise Problem(409, "This sandbox runs on the real clock. Start it with a virtual one to move time.")
            advance = (await _json(request)).get("advance")
            if not isinstance(advance, int | float) or isinstance(advance, bool) or advance < 0:
                raise Problem(400, 'Send {"advance": seconds}, not less than 0.', param="advance")
            service.clock.advance(advance)
            await service.bell.ring()
        return JSONResponse({"now": service.clock(), "virtual": is_virtual})

    async def scenario(request: Request) -> Response:
        if request.method == "PUT":
            try:
                service.scenario = parse_scenario(await _json(request))
            except UnknownFault as error:
                raise Problem(400, str(error), param="faults") from None
        return JSONResponse({"faults": service.scenario.as_json()})

    async def reset(_: Request) -> Response:
        service.reset()
        return JSONResponse({"reset": True})

    return [
        Route("/_sim/ledger", ledger, methods=["GET"]),
        Route("/_sim/requests", requests, methods=["GET"]),
        Route("/_sim/clock", clock, methods=["GET", "PUT"]),
        Route("/_sim/scenario", scenario, methods=["GET", "PUT"]),
        Route("/_sim/reset", reset, methods=["POST"]),
    ]


async def _json(request: Request) -> dict[str, object]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise Problem(400, "The body is not valid JSON.") from None
    return body if isinstance(body, dict) else {"faults": body}
