"""Which stored place a row of a list means: by its key, else by its folded name and country."""

from collections.abc import Iterable

from models.folding import fold
from models.places import Place


class KnownPlaces:
    """The stored places by every way in which a list may name them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.all = list(places)
        self.by_slug = {fold(place.slug): place for place in self.all}
        self.by_name: dict[str, list[Place]] = {}
        for place in self.all:
            self.by_name.setdefault(fold(place.name), []).append(place)

    def meant(self, slug: str, name: str, country_code: str) -> Place | None:
        """The place, or None for a new one. Of two with one name only the country tells which."""
        if slug and (place := self.by_slug.get(fold(slug))) is not None:
            return place
        named = self.by_name.get(fold(name), []) if name else []
        if country_code:
            named = [place for place in named if place.country_code in (country_code, "")]
        return named[0] if len(named) == 1 else None

    def mentioned(self, slug: str, name: str) -> set[int]:
        """All places that a row may mean, however faulty it is: of these none has vanished from the list."""
        found = {place.key for place in self.by_name.get(fold(name), [])} if name else set()
        place = self.by_slug.get(fold(slug)) if slug else None
        return found | {place.key} if place is not None else found

    def alike(self, name: str, country_code: str) -> Place | None:
        """A place of that country whose name is part of this one, or this one of its."""
        wanted = fold(name)
        for stored, places in self.by_name.items():
            is_part = len(stored) > 3 and len(wanted) > 3 and (wanted in stored or stored in wanted)
            for place in places if is_part else []:
                if place.country_code == country_code:
                    return place
        return None
