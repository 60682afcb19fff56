"""The words in titles and names of artists, and which of them tell recordings apart."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

VERSIONS = frozenset((
    "acapella", "acoustic", "bootleg", "club", "cover", "demo", "dub", "edit", "extended",
    "instrumental", "karaoke", "live", "mashup", "mix", "nightcore", "orchestral", "piano",
    "reprise", "remix", "rework", "session", "sessions", "slowed", "sped", "speed", "tribute",
    "unplugged", "vip",
))  # fmt: skip
"""Words that make another recording of a song; as often in one title as in the other."""
NOISE = frozenset((
    "album", "bonus", "clean", "deluxe", "digital", "digitally", "explicit", "lp", "mono",
    "original", "remaster", "remastered", "single", "stereo", "track", "version",
))  # fmt: skip
"""Words in brackets or after a dash that do not."""
FEATURED = re.compile(r"\b(?:feat|ft|featuring)\b.*", re.IGNORECASE)
SOUNDTRACK = re.compile(r"from\b.*")
YEAR = re.compile(r"(?:19|20)\d\d")
WORD = re.compile(r"\w+")
CLAUSE = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]|\s[-\u2013\u2014]\s+(.*)")
JOINTS = re.compile(r"[,;&/+]|\b(?:x|feat|ft|featuring|with|and|vs)\b\.?", re.IGNORECASE)
UNWRITTEN = re.compile("['`\u00b4\u2019\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u3099\u309a]+")
"""Apostrophes, and the marks over and under Latin, Greek, Cyrillic, Hebrew, Arabic and kana."""
SPELLINGS = (("a cappella", "acapella"), ("acappella", "acapella"), ("original mix", "original"))


OTHERS = re.compile(rf"(?:{JOINTS.pattern}).*")
SIGNS = re.compile(r"[^\w\n]+")
NOBODY = frozenset((
    "", "soundtrack", "traditional", "unknown", "unknown artist", "various", "various artists",
))  # fmt: skip
"""What stands for an artist where there is none; no two songs of theirs share one."""


def words(text: str) -> list[str]:
    """Return the words of a text without case, accents and apostrophes."""
    bare = folded(text)
    for spelling, usual in SPELLINGS:
        bare = bare.replace(spelling, usual)
    return WORD.findall(bare) or [text.strip()]


def folded(text: str) -> str:
    """Return a text without case, accents and apostrophes."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return UNWRITTEN.sub("", plain.casefold())


def folded_lines(texts: Iterable[str]) -> str:
    """Return texts folded, a line each."""
    # A hundred thousand at once: as one text they take a third of the time.
    return folded("\n".join(text.replace("\n", " ") for text in texts))


def leads(artists: Iterable[str]) -> Iterator[str]:
    """Yield the first name in each text of artists, without an article."""
    plain = folded_lines(artists)
    whole, first = (SIGNS.sub(" ", text).split("\n") for text in (plain, OTHERS.sub("", plain)))
    for name, every in zip(first, whole, strict=True):
        yield (name.strip() or every.strip()).removeprefix("the ")


def artists(text: str) -> frozenset[str]:
    """Return the names in a text, and the text as one name."""
    names = (words(part) for part in [text, *JOINTS.split(text)] if part.strip())
    return frozenset(" ".join(name[name[:1] == ["the"] and len(name) > 1 :]) for name in names)


def base(title: str) -> str:
    """Return a title without what stands in brackets or after a dash."""
    return FEATURED.sub("", CLAUSE.sub(" ", title)).strip() or title


def _clauses(title: str) -> frozenset[str]:
    """Return the words in brackets or after a dash that tell recordings apart."""
    found: set[str] = set()
    for one, other in CLAUSE.findall(title):
        text = " ".join(words(one or other))
        if not SOUNDTRACK.match(text):
            found |= {word for word in words(FEATURED.sub("", text)) if not YEAR.fullmatch(word)}
    return frozenset(found - NOISE - {""})


def versions(title: str) -> Counter[str]:
    """Return the words of a title that make another recording, and how often each is there."""
    plain = words(FEATURED.sub("", " ".join(words(title))))
    return Counter(word for word in plain if word in VERSIONS)


def same_title(one: str, other: str) -> bool:
    """Tell whether two titles are of one recording, as far as words can tell."""
    if words(one) == words(other):
        return True
    first, second = _clauses(one), _clauses(other)
    nested = first <= second or second <= first
    return words(base(one)) == words(base(other)) and nested
