"""The server: the front end's files and the documents, on this machine only."""

import json
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ulterior.errors import UlteriorError
from ulterior.viewer.documents import json_of
from ulterior.viewer.library import Library

__all__ = ["FRONT", "POLICY", "app"]

FRONT = Path(__file__).parent / "front"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def app(library: Library) -> Starlette:
    """The application."""

    def page(_: Request) -> Response:
        return FileResponse(FRONT / "index.html", headers={"content-security-policy": POLICY})

    def document(request: Request) -> Response:
        try:
            found = library.document(request.path_params["name"])
        except UlteriorError as error:
            return Response(json.dumps({"error": str(error)}), 404, media_type="application/json")
        return Response(json_of(found), media_type="application/json")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/data/{name:path}.json", document),
            Mount("/", StaticFiles(directory=FRONT)),
        ]
    )
