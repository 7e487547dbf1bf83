"""``akashi loans``: which products and applications there are, and whether a product file is right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from akashi.domains.loans.model import State
from akashi.domains.loans.register.products import list_products, parse_product, read_bytes
from akashi.domains.loans.store import list_outlines
from akashi.platform.commands import JsonOption, print_json, site_of

app = typer.Typer(no_args_is_help=True)


@app.callback()
def loans() -> None:
    """Loan products and applications; nothing here shows what an applicant said."""


@app.command()
def products(context: typer.Context, json: JsonOption = False) -> None:
    """List the products that can be applied for."""
    found = list_products(site_of(context).settings.home).values()
    rows = [
        {
            "id": one.id,
            "title": one.title["ja"],
            "audience": one.audience,
            "version": one.version,
            "items": len(one.items),
            "documents": len(one.documents),
            "terms": len(one.terms),
            "source": f"{one.source.title} {one.source.edition}",
            "digest": one.digest,
        }
        for one in found
    ]
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['id']}  {row['title']}  {row['items']} items, {row['documents']} papers")


@app.command()
def check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A product file (TOML).")],
    json: JsonOption = False,
) -> None:
    """Check a product file; what is wrong is named with its line."""
    product = parse_product(read_bytes(file), file.name)
    told = {"id": product.id, "items": len(product.items), "digest": product.digest}
    if json:
        print_json(told)
        return
    typer.echo(f"{file.name}: {product.title['ja']} is a product with {len(product.items)} items.")


@app.command("list")
def list_applications(
    context: typer.Context,
    state: Annotated[State | None, typer.Option(help="Only applications in this state.")] = None,
    json: JsonOption = False,
) -> None:
    """List applications by number and state, without any personal data."""
    with site_of(context).database.read() as connection:
        found = list_outlines(connection, (state,) if state else ())
    rows = [
        {
            "number": one.number,
            "product": one.product_id,
            "state": one.state.value,
            "office": one.office,
            "created_at": one.created_at.isoformat(),
            "changed_at": one.changed_at.isoformat(),
        }
        for one in found
    ]
    if json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['number']}  {row['state']}  {row['product']}  {row['changed_at']}")
