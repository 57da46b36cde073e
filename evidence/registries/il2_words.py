"""The words by which IL-2 is known in records of studies, and what it means where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from evidence.registries.il2_senses import Found, Sense, sense_of

# Names that are IL-2 or a form of it, whatever stands beside them. A blank stands for a blank, a
# hyphen or nothing.
FORMS = (
    # Recombinant and natural IL-2, and its brands.
    "proleukin proleukine proleuken prolukin proleucin aldesleukin aldesleukine aldesleukina"
    " aldesleucin aldeslukin aldesluekin adesleukin aldeleukin pegaldesleukin macrolin modutol"
    " bioleukin teceleukin celmoleukin imunace celeuk roncoleukin adargileukin ilt~101 l2~7001"
    " ro~23~6019 bay~50~4798"
    # Pegylated IL-2, muteins and fusions that act by its receptor.
    " bempegaldesleukin bempeg nktr~214 bms~986321 rezpegaldesleukin rezpeg nktr~358 ly3471851"
    " nemvaleukin alks~4230 rdb~1450 efavaleukin amg~592 pegenzileukin thor~707 sar444245"
    " sar~444245 thor~809 sar444336 sar~444336 cc~92252 del106 del~106 ro7049665 rg7835 mk~6194"
    " pt~101 stk~012 stk~009 anv419 anv~419 nara1leukin mdna11 mdna~11 bms~986326 xtx202 xtx~202"
    " wtx~124 xmab564 xmab27564 bnt151 bnt153 shr~1916"
    # Immunocytokines and other fusions.
    " bifikafusp darleukin daromun nidlegy teleukin simlukafusp ro6874281 rg7461 amunaleukin"
    " ro6895882 rg7813 lorukafusp emd~273063 apn301 apn~301 tucotuzumab emd~273066 selectikine"
    " emd~521873 msb0010445 alt~801 denileukin ontak lymphir e7777"
    # Genes of IL-2.
    " leuvectin"
).split()

# Fusions that bring IL-2 along with something else: a person says whether they are IL-2.
CARRIERS = (
    "ibi363 ibi~363 azd6750 azd~6750 eciskafusp ro7284755 rg6279 regn10597 anv600 anv~600 awt020"
    " awt~020 ptx~912 cue~101 cue~102 gi~101 gi~102 df6215 df~6215 cln~617 irx~2 multikine nl~201"
    " tg4010 tg~4010 tg4001 tg~4001 tipapkinogen"
).split()

# What is as a rule followed by IL-2, whether or not the record says so.
COMPANIONS = ("lifileucel", "amtagvi", "ln~144", "ln~145", "ceplene", "maxamine")

# Antibodies against the receptor; only so that a reason can name them.
AGAINST_THE_RECEPTOR = (
    "basiliximab simulect daclizumab zenapax zinbryta inolimomab leukotac camidanlumab"
).split()


def _any_of(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(re.escape(word).replace("\\~", "~").replace("~", r"[\s-]?") for word in words)


_TWO = r"(?:2(?!\d|\.\d|[xXoO]\b)|II(?![A-Za-z]))"
_INTERLEUKIN = r"(?i:int[er]{1,3}[\s-]?l[eiu]{0,3}(?:k|c|ch|qu|ck)[eiuy]{1,2}n(?:e|a|g)?s?)"
# Letters that stand before IL-2 in one word: recombinant, human, low-dose, pegylated …
_PREFIX = r"(?:(?i:rhu?|rec|r|hu|h|ld|hd|uld|sc|iv|peg|ks|ad|adca)|[nmp])"

_IL2 = re.compile(
    rf"""
    (?P<word>
      {_INTERLEUKIN} \s?(?:\(\s?r?h?IL\s?\))? [\s_(-]{{0,3}} (?:type\s)? (?i:{_TWO}|two\b)
    | (?: (?<![A-Za-z]){_PREFIX}? | (?<=[a-rt-z])(?=I\.?L) )
      (?: (?i:I\.?L\.?) (?:\s?[-_]\s?|\.|\s?\(\s?)? {_TWO} | IL\s{_TWO} )
    | 白(?:细胞)?介素[\s-]?(?:2|II)(?!\d) | интерлейкин\w*[\s-]?(?:2|II)(?!\d)
    )
    """,
    re.VERBOSE,
)
_KNOWN = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?P<form>{_any_of(FORMS)})|(?P<carrier>{_any_of(CARRIERS)})"
    rf"|(?P<companion>{_any_of(COMPANIONS)}))(?![A-Za-z0-9])"
    r"|(?P<stem>\b(?!inter|pro)[a-z]{3,}leukin\b)"
    r"|(?P<cells>\btumou?r[\s-]infiltrating[\s-](?:lymphocytes?|t[\s-]cells?)\b|\b(?-i:TILs?|LAK)\b"
    r"|\blymphokine[\s-]activated[\s-]killer\b)"
    r"|(?P<growth>\bt[\s-]cell[\s-]growth[\s-]factor\b|\bTCGF\b)",
    re.IGNORECASE,
)
AGAINST_RECEPTOR = re.compile(
    rf"\b(?:{_any_of(AGAINST_THE_RECEPTOR)}|anti[\s-]?CD25)\b", re.IGNORECASE
)

_SILENT = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff®™"))
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_ONE_WAY = _SILENT | _DASHES
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a text with one kind of dash and blank, and without marks that are not read."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_ONE_WAY)).translate(_ONE_WAY)
    return _BLANKS.sub(" ", text)


# What no text without a word of IL-2 holds, but for chance.
_TRACE = re.compile(
    r"(?<!nt)i\.?l[^a-z0-9]{0,4}(?:2|ii)|leukin|int[er]{1,3}[^a-z0-9]?l|介素|интерлейкин|t.cell.growth|tcgf"
)
_TRACES = (
    *dict.fromkeys(word.replace("~", "") for word in (*FORMS, *CARRIERS, *COMPANIONS)),
    "infiltrating",
    "lymphokine",
)
_CELLS = re.compile(r"\b(?:TILs?|LAK)\b")
_BETWEEN = re.compile(r"[^a-z0-9]+")


def may_speak_of_it(text: str, names: str) -> bool:
    """Say quickly whether a text, or names beside it, can hold a word of IL-2."""
    for part in (text, names):
        if _TRACE.search(_lower(part)):
            return True
    squeezed = _BETWEEN.sub("", _lower(names))
    return any(trace in squeezed for trace in _TRACES) or bool(_CELLS.search(names))


def _lower(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()


def words_in(text: str) -> Iterator[Found]:
    """Give every word of IL-2 in a `plain` text with its sense, in order of kind."""
    for found in _KNOWN.finditer(text):
        yield Found(found.group(), _sense_of_known(found, text), found.start())
    for found in _IL2.finditer(text):
        start, end = found.span("word")
        yield Found(found["word"], sense_of(text, start, end), start)


def _sense_of_known(found: re.Match[str], text: str) -> Sense:
    if found["carrier"] or found["stem"] or found["growth"]:
        return Sense.CARRIER
    if found["companion"] or found["cells"]:
        return Sense.COMPANION
    return sense_of(text, found.start(), found.end())
