"""The peer in its own process: presidio-analyzer with ja-ginza, run with ``.peers/bin/python``.

Reads messages (JSON lines) from standard input; prints per message the spans and milliseconds.
A Japanese telephone region, the card recogniser and the names of GiNZA's entities are added, else it would
find none of them.
Not imported by anything: its packages contradict ours.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

TYPES = {
    "PERSON": "person",
    "LOCATION": "address",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "CREDIT_CARD": "card",
    "DATE_TIME": "birth_date",
    "IBAN_CODE": "bank_account",
}


# GiNZA names entities by the extended hierarchy; without this table Presidio would drop them all.
GINZA = {
    "Person": "PERSON",
    **dict.fromkeys(
        ["City", "Province", "County", "GPE_Other", "Domestic_Region", "Postal_Address", "Address_Other"],
        "LOCATION",
    ),
    **dict.fromkeys(["Date", "Era"], "DATE_TIME"),
}


def build_analyzer() -> Any:
    """Return Presidio's engine for Japanese."""
    import tldextract  # noqa: PLC0415
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415
    from presidio_analyzer.predefined_recognizers import (  # noqa: PLC0415
        CreditCardRecognizer,
        PhoneRecognizer,
    )

    # Else its recogniser of e-mail addresses asks the network for a list of domains.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    settings = {
        "nlp_engine_name": "spacy",
        "models": [{"lang_code": "ja", "model_name": "ja_ginza"}],
        "ner_model_configuration": {"model_to_presidio_entity_mapping": GINZA, "labels_to_ignore": []},
    }
    engine = NlpEngineProvider(nlp_configuration=settings).create_engine()
    registry = RecognizerRegistry(supported_languages=["ja"])
    registry.load_predefined_recognizers(languages=["ja"], nlp_engine=engine)
    registry.add_recognizer(PhoneRecognizer(supported_language="ja", supported_regions=["JP"]))
    registry.add_recognizer(CreditCardRecognizer(supported_language="ja"))
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["ja"])


def main() -> int:
    """Analyse every message."""
    analyzer = build_analyzer()
    analyzer.analyze(text="山田太郎です。", language="ja")
    for line in sys.stdin:
        row = json.loads(line)
        started = time.perf_counter()
        found = analyzer.analyze(text=row["text"], language="ja")
        milliseconds = (time.perf_counter() - started) * 1000
        spans = [
            {"start": one.start, "end": one.end, "type": TYPES.get(one.entity_type, one.entity_type.lower())}
            for one in found
        ]
        print(json.dumps({"id": row["id"], "spans": spans, "ms": milliseconds}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
