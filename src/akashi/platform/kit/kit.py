"""The kit of one installation: templates, translations, static files and the menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment

from akashi.core.display import Notice
from akashi.core.people import Actor, ActorKind
from akashi.platform.access import Key, Rule
from akashi.platform.kit.assets import Assets
from akashi.platform.kit.catalogs import Catalogs
from akashi.platform.kit.environment import make_environment
from akashi.platform.kit.menu import MenuGroup, MenuItem, build_doors, build_menu
from akashi.platform.rooms import call_name, package_folder
from akashi.platform.site import Site


class Kit:
    """What ``render`` needs; made once for each application and kept in ``app.state.kit``."""

    def __init__(self, site: Site, folders: Mapping[str, Path]) -> None:
        self.site = site
        self.catalogs, self.assets, self.environment = _open_folders(tuple(folders.items()))

    def nav(
        self, actor: Actor, matrix: Mapping[Key, Rule] | None = None, path: str = ""
    ) -> tuple[MenuGroup, ...]:
        """Return the menu of ``actor`` on the page ``path``."""
        return build_menu(self.site.rooms, actor, matrix, path)

    def notices(self, actor: Actor) -> tuple[tuple[str, Notice], ...]:
        """Return what every page says to staff now, with the room whose words it is in."""
        if actor.kind is not ActorKind.PERSON:
            return ()
        rooms = [room for room in self.site.rooms if room.notices]
        return tuple((room.name, one) for room in rooms for one in call_name(room.notices, self.site))

    def doors(self, path: str) -> tuple[MenuItem, ...]:
        """Return what customers may begin from the page ``path``."""
        return build_doors(self.site.rooms, path)


@cache
def _open_folders(folders: tuple[tuple[str, Path], ...]) -> tuple[Catalogs, Assets, Environment]:
    """Return what lies in the folders; the applications of one process share it, compiled templates too."""
    assets = Assets(folder / "static" for _, folder in folders)
    environment = make_environment([folder / "templates" for _, folder in folders], assets)
    return Catalogs(folders), assets, environment


def make_kit(site: Site, packages: Iterable[str] = ()) -> Kit:
    """Return the kit over the rooms of ``site`` and further ``packages`` that bring templates."""
    folders = {"kit": package_folder("akashi.platform.kit")}
    folders |= {room.name: room.folder for room in site.rooms}
    folders |= {name.rsplit(".", 1)[-1]: package_folder(name) for name in packages}
    return Kit(site, folders)
