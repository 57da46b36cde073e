"""What a word of IL-2 means where it stands: given, measured, its receptor, given before …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Sense(Enum):
    """What a word of IL-2 means where it stands."""

    GIVEN = "IL-2 itself"
    GROWN = "cells grown or treated with IL-2"
    PLACEBO = "a placebo for IL-2"
    LIKE = "something that acts as IL-2 does"
    CARRIER = "something that may hold IL-2"
    COMPANION = "something that IL-2 is commonly given with"
    AROUND = "something about IL-2 that people get"
    RECEPTOR = "the receptor of IL-2"
    AGAINST = "something against IL-2"
    KINASE = "a kinase named after IL-2"
    MEASURED = "IL-2 that is made or measured"
    EARLIER = "IL-2 given before the study"
    LEFT_OUT = "IL-2 that is left out"


MAY_BE = frozenset(
    {
        Sense.GROWN,
        Sense.PLACEBO,
        Sense.LIKE,
        Sense.CARRIER,
        Sense.COMPANION,
        Sense.AROUND,
    }
)
"""Senses that a person has to look at."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word of IL-2 in a text, as it is written there, its sense, and where it begins."""

    word: str
    sense: Sense
    start: int


REACH = 160
"""So many characters before and after a word are looked at."""


def _means(sense: Sense, pattern: str) -> tuple[Sense, re.Pattern[str]]:
    return sense, re.compile(pattern, re.IGNORECASE)


_CYTOKINE = (
    r"(?:s?IL[\s-]?\d+\w*|interleukins?[\s-]?\d+\w*|(?:IFN|TNF|TGF|interferon)[\s-]?\w*"
    r"|G?M?-?CSF|CD\d+\w*)"
)
_LIST = rf"(?:\s?(?:,|/|and|or|&|\+|\(|\)|;)\s?)+{_CYTOKINE}"
_BESIDE = r"[\s()\[\],/®*-]{0,4}"
_MADE = (
    r"(?:levels?|concentrations?|measurements?|assays?|elisa|elispot|kits?|tests?(?!\sdose)|testing"
    r"|tit(?:er|re)s?|production|secretion|release|synthesis|transcription|staining|responses?"
    r"|expression(?!\s(?:plasmid|vector|cassette|construct))|m?rna\s(?:levels?|expression)|snps?"
    r"|polymorphisms?|genotyp\w*|promoter|quantification|detection|determination|values?"
    r"|signall?ing|pathways?|deficien\w+|producing|producers?|ratio|positive\scells)"
)

_AFTER = (
    _means(
        Sense.LIKE,
        r"[\s-]?(?:r\w{0,5}|receptor\w*|pathway|signall?ing)(?:[\s,/-]+(?!ant)\w+){0,4}?[\s-]+"
        r"(?:partial[\s-])?(?:super)?agonist",
    ),
    _means(Sense.RECEPTOR, r"-?r[abg][a-z0-9]{0,3}\b"),
    _means(
        Sense.RECEPTOR,
        rf"(?:{_BESIDE}(?:alpha|beta|gamma|[\u03b1\u03b2\u03b3ab]\b|high|low|affinity|intermediate"
        rf"|\(il-?2\)|cd25|(?:and\s)?(?:il-?|interleukin-?)?15))*{_BESIDE}"
        r"(?:receptors?\b|r(?:[abg\u03b1\u03b2\u03b3\u0251]{1,3}|alpha|beta|gamma|c)?\d?(?![a-z])|(?:sub)?units?\b"
        r"|chains?\b)",
    ),
    _means(
        Sense.KINASE, r"[\s-]*(?:inducible|inducable|induced)[\s-]+(?:t[\s-]cell[\s-])?\w*\s?kin"
    ),
    _means(
        Sense.PLACEBO,
        r"(?:[\s-]|\(|\)|®)*(?:match(?:ed|ing)[\s-]|equivalent[\s-])?(?:placebo|dummy|sham)\b",
    ),
    _means(
        Sense.AGAINST,
        r"[\s-]*(?:inhibit\w*|block\w*|antagon\w*|suppress\w*|neutrali[sz]\w*)"
        r"|[\s-]*(?:specific\s|monoclonal\s)*(?:antibod(?:y|ies)|mab)\b"
        r"(?!\W{0,2}(?:fusion|complex|conjugat|cytokine|immunocyt))",
    ),
    _means(
        Sense.MEASURED,
        rf"(?:{_LIST})*[\s)/-]*(?:(?:gene|protein|serum|plasma|blood|cytokine|mrna)[\s-])?{_MADE}\b",
    ),
    _means(
        Sense.EARLIER,
        r"[\s-]*(?:therapy[\s-]|treatment[\s-])?(?:refractory|resistant|na[iï]ve|experienced"
        r"|fail\w*|pre-?treated|ineligible|intolerant|unfit)\b",
    ),
    _means(
        Sense.AROUND,
        r"[\s-]*(?:therapy[\s-]|treatment[\s-])?(?:toxicit|side[\s-]effect|adverse|related|associated"
        r"|induced|mediated|hypotension|fever|rash|capillary)",
    ),
    _means(Sense.LEFT_OUT, r"[\s-]*(?:free|sparing|independent)\b"),
    _means(
        Sense.GROWN,
        r"[\s-]*(?:activated|stimulated|cultured|expanded|primed|treated|grown|pulsed"
        r"|generated|incubated|exposed)[\s-]",
    ),
    _means(Sense.LIKE, r"[\s/-]*(?:il-?)?(?:15\s)?(?:mimetics?|mimics?)\b"),
)
_OF = (
    rf"(?:[\s,(/:-]+(?:of|for|in|the|and|or|both|to|human|soluble|serum|plasma|blood|cytokines?"
    rf"|such\sas|including|like|e\.?g\.?|i\.?e\.?|levels?|a|any|endogenous|{_CYTOKINE}))*[\s,(/:-]*$"
)
_WORDS = (
    r"(?:[\s/(-]+(?!(?:then|follow\w*|receiv\w*|plus|will|gets?|given|to|add\w*)\b)[\w.-]+){0,5}"
    r"[\s/(-]*$"
)
_BEFORE = (
    _means(Sense.AROUND, r"\b(?:post|after|following)[\s-](?:the\s)?$"),
    _means(Sense.RECEPTOR, r"(?:\breceptors?\s(?:for|of)\s(?:the\s)?|\bsoluble\s)$"),
    _means(Sense.AGAINST, r"\banti[\s-]{0,3}(?:human[\s-])?(?:r|rh)?$"),
    _means(
        Sense.AGAINST,
        r"\b(?:antibod(?:y|ies)|mabs?|directed)\s(?:that\s\w+\s)?(?:against|to|targeting)\s"
        r"(?:human\s|the\s)?$",
    ),
    _means(
        Sense.AGAINST,
        rf"\b(?:inhibit|suppress|neutrali[sz]|antagoni[sz]|(?:down|up)-?regulat)\w*{_OF}"
        rf"|\bblock(?:s|ing|ed|ade|ers?)?{_OF}",
    ),
    _means(
        Sense.PLACEBO,
        r"\b(?:placebo|dummy|sham|vehicle)(?:[\s(:,-]+(?:for|of|to|matching|matched|identical"
        r"|similar|comparable|corresponding|resembling|mimicking|control|the|low|high|ultra"
        r"|dose|as|instead))*(?:\s|\s?\(|\s?-|:\s)$",
    ),
    _means(
        Sense.MEASURED,
        rf"\b(?:(?<!dose\s)levels?|concentrations?|measure\w*|quantif\w*|detect\w*|assay\w*|monitor\w*"
        rf"|analy[sz]\w+|expression|production|secretion|release\sof|synthesis|transcription"
        rf"|amounts?|tit(?:er|re)s?|serum|plasma|salivary|urinary|circulating|endogenous"
        rf"|polymorphisms?|genotyp\w*|snps?|mutations?|biomarkers?|elisa|elispot){_OF}",
    ),
    _means(Sense.EARLIER, rf"\b(?:prior|previous|earlier|past)\b(?!\sto\b){_WORDS}"),
    _means(
        Sense.EARLIER,
        r"\b(?:previously|already|who\s(?:have|had|has))(?:\s(?:been|have|had|has))*\s"
        r"(?:treated|received|receiving|exposed|given|failed|had)"
        r"(?:\s(?!then\b|follow)[\w-]+){0,4}\s?\(?$",
    ),
    _means(
        Sense.EARLIER,
        rf"\b(?:failed|failing|failure\s(?:of|to|on|after)|history\sof|refractory\sto"
        rf"|resistant\sto|intoleran\w+\s(?:to|of)|pre-?treat\w+\swith|ineligible\sfor"
        rf"|(?:un)?suitable\sfor|candidates?\sfor|contra-?indicat\w+\s(?:to|for)"
        rf"|progress\w+\s(?:on|after|following|during|despite)){_WORDS}",
    ),
    _means(
        Sense.LEFT_OUT,
        r"(?:(?<!\bor\s)\bwithout|\bno|\bnot|\bnon|\bnever|\bminus|\binstead\sof|\brather\sthan"
        r"|\bomit\w*|\bother\sthan|\bexcept(?:\sfor)?|\bexclud\w+|\babsence\sof|\black\sof)"
        r"(?:[\s-]+(?:any|the|additional|further|systemic|receiv\w+|given|giv\w+|get|low|high"
        r"|dose|ultra|exogenous|subcutaneous|intravenous|recombinant|human|use|of))*[\s(-]*$",
    ),
    _means(
        Sense.GROWN,
        r"\b(?:cultur\w+|expand\w*|expansion|grown|activat\w+|stimulat\w+|incubat\w+|propagat\w+"
        r"|primed|ex\svivo|in\svitro)\s(?:[\w\s,()/+.-]{0,60}\s)?(?:with|in|by|using|of)\s"
        r"(?:[\w\s,()/+.-]{0,40}[\s(/])?\(?$",
    ),
)


def sense_of(text: str, start: int, end: int) -> Sense:
    """Say what the word of IL-2 between two places of a text means there."""
    after = text[end : end + REACH]
    for sense, pattern in _AFTER:
        if pattern.match(after):
            return sense
    before = text[max(0, start - REACH) : start]
    for sense, pattern in _BEFORE:
        if pattern.search(before):
            return sense
    return Sense.GIVEN
