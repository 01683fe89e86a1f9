"""Access (Art. 15 GDPR) for machines: keys are names of tables and columns, sorted and stable."""

import json
from datetime import datetime
from typing import Any

from models.privacy.access import Access

FORMAT = 1


def access_json(found: Access, now: datetime) -> bytes:
    """UTF-8, with a line break at the end."""
    person, city = found.person, found.city
    whole: dict[str, Any] = {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "controller": {
            "city": city.name,
            "unit": city.unit,
            "unit_email": city.unit_email,
            "postal_address": city.postal_address,
            "privacy_officer": city.privacy_officer,
            "privacy_authority": city.privacy_authority,
        },
        "processing": {
            "accounts_with_access": found.accounts,
            "automated_decisions": False,
            "keep_until": person.keep_until.isoformat() if person.keep_until else None,
            "legal_basis": person.legal_basis.value,
            "months_kept_after_last_role": city.contacts_keep_months,
            "origin": person.origin.value,
            "purpose": person.purpose,
            "source": person.source,
            "transfer_to_third_countries": False,
        },
        "data": found.rows,
        "mails": [{"on": one.at.date().isoformat(), "subject": one.subject} for one in found.mails],
        "mentions": [
            {"table": one.table, "id": one.key, "column": column, "text": text}
            for one in found.mentions
            for column, text in sorted(one.told().items())
        ],
        "uploaded_files": found.files,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
