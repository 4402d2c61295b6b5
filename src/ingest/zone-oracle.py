"""Writes zone-oracle.json: local times in several zones and the UTC seconds that Python's zoneinfo gives them (fold = 0).

Around each change of the clocks from 1990 to 2035 quarter hours are taken, so that skipped and repeated hours are among them, and some
other times of the year. Run: python3 src/ingest/zone-oracle.py
"""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Tehran",
]
YEARS = [1991, 2011, 2018, 2024]


def changes(zone: ZoneInfo, year: int) -> list[datetime]:
    hours = [datetime(year, 1, 1, tzinfo=timezone.utc) + timedelta(hours=h) for h in range(366 * 24)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    return [hours[i] for i in range(1, len(hours)) if offsets[i] != offsets[i - 1]]


def walls(zone: ZoneInfo, year: int) -> list[datetime]:
    taken = [datetime(year, month, 1 + 2 * month, 7 * month % 24, 30) for month in range(1, 13)]
    for change in changes(zone, year):
        local = (change - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None, microsecond=0)
        taken += [local + timedelta(seconds=1, minutes=15 * step) for step in range(-10, 11)]
        taken += [local + timedelta(hours=step) for step in (-30, -24, 24, 30)]
    return sorted(set(taken))


table = {
    name: [[wall.isoformat(), round(wall.replace(tzinfo=ZoneInfo(name)).timestamp())] for year in YEARS for wall in walls(ZoneInfo(name), year)]
    for name in ZONES
}
lines = [f'    "{name}": {json.dumps(times)}' for name, times in table.items()]
text = '{\n  "made by": "zone-oracle.py",\n  "zones": {\n' + ",\n".join(lines) + "\n  }\n}\n"
Path(__file__).with_suffix(".json").write_text(text)
