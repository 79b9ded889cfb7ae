"""`zhengwen doctor` and `zhengwen check` end to end: what they say of sound and of damaged installations."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.bot.commands import Done, Run
from zhengwen.bot.doctor import worst
from zhengwen.bot.doctor_environment import _fault, _fits, _release
from zhengwen.bot.doctor_models import SEVERITIES, Finding

TOKEN = "123456789:AAExampleExampleExampleExampleExample"


@pytest.fixture(autouse=True)
def without_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHENGWEN_TELEGRAM_TOKEN", raising=False)


def findings(done: Done) -> dict[str, list[dict[str, str]]]:
    """The findings of `doctor --json` by area."""
    by_area: dict[str, list[dict[str, str]]] = {}
    for one in json.loads(done.out)["findings"]:
        by_area.setdefault(one["area"], []).append(one)
    return by_area


def test_a_sound_installation_has_no_error_and_every_complaint_a_remedy(filled: Run) -> None:
    done = filled("doctor", "--json")
    result = json.loads(done.out)
    assert done.code == 0
    assert result["worst"] in ("ok", "hint", "warning")
    assert {"python", "packages", "extras", "config", "library", "embedder", "fonts", "disk", "telegram"} <= set(
        findings(done)
    )
    for one in result["findings"]:
        assert one["severity"] in SEVERITIES
        assert bool(one["remedy"]) == (one["severity"] != "ok")


def test_the_readable_form_says_the_same(filled: Run) -> None:
    plain = filled("doctor").out
    for one in json.loads(filled("doctor", "--json").out)["findings"]:
        assert any(line.startswith(one["severity"]) and one["what"] in line for line in plain.splitlines())
        assert one["remedy"] in plain
    assert "\x1b" not in plain


def test_no_library_yet_is_a_hint_and_is_not_made(run: Run, tmp_path: Path) -> None:
    done = run("doctor", "--json")
    assert done.code == 0
    assert [one["severity"] for one in findings(done)["library"]] == ["hint"]
    assert not (tmp_path / "library").exists()
    (tmp_path / "empty").mkdir()
    assert [one["severity"] for one in findings(run("doctor", "--json", library="empty"))["library"]] == ["hint"]
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_database_that_does_not_answer_is_an_error_without_its_password(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "database.yaml"
    config.write_text("library: {database: 'postgresql+psycopg://u:hidden@127.0.0.1:1/z'}\n", encoding="utf-8")
    done = run("doctor", "--json", settings=config)
    assert done.code == 1
    assert findings(done)["library"][0]["severity"] == "error"
    assert "hidden" not in done.out + done.err


def test_a_file_that_is_no_database_is_an_error(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "library" / "library.sqlite").write_bytes(b"not a database at all" * 400)
    done = filled("doctor", "--json")
    assert done.code == 1
    (found,) = findings(done)["library"]
    assert found["severity"] == "error"
    assert "ingest" in found["remedy"]
    assert filled("check").code == 1


def test_a_deleted_keyword_index_is_a_warning_until_a_question_needs_it(filled: Run, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "library" / "keywords")
    (found,) = findings(filled("doctor", "--json"))["keywords"]
    assert (found["severity"], "missing" in found["what"]) == ("warning", True)
    assert not (tmp_path / "library" / "keywords").exists()
    filled("ask", "天津市什么是“双万双服促发展”活动？")
    (found,) = findings(filled("doctor", "--json"))["keywords"]
    assert found["severity"] == "ok"


def test_a_broken_configuration_is_named_and_the_rest_is_still_looked_at(filled: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("embedder: {engin: none}\n", encoding="utf-8")
    done = filled("doctor", "--json", settings=broken)
    found = findings(done)
    assert done.code == 1
    assert (found["config"][0]["severity"], "engin" in found["config"][0]["what"]) == ("error", True)
    assert found["disk"][0]["severity"] == "ok"
    assert findings(filled("doctor", "--json", settings=tmp_path / "none.yaml"))["config"][0]["severity"] == "error"


def test_the_configuration_in_use_is_named(filled: Run, tmp_path: Path) -> None:
    assert str(tmp_path / "plain.yaml") in findings(filled("doctor", "--json"))["config"][0]["what"]


def test_a_token_is_seen_and_never_shown(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings(filled("doctor", "--json"))["telegram"][0]["severity"] == "hint"
    monkeypatch.setenv("ZHENGWEN_TELEGRAM_TOKEN", TOKEN)
    for done in (filled("doctor"), filled("doctor", "--json")):
        assert TOKEN not in done.out + done.err
        assert TOKEN.split(":")[1][:12] not in done.out + done.err
    assert findings(filled("doctor", "--json"))["telegram"][0]["severity"] == "ok"
    monkeypatch.setenv("ZHENGWEN_TELEGRAM_TOKEN", "mistyped-secret")
    done = filled("doctor", "--json")
    assert findings(done)["telegram"][0]["severity"] == "warning"
    assert "mistyped-secret" not in done.out


def test_a_token_file_that_others_may_read_is_a_warning(filled: Run, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN, encoding="utf-8")
    config = tmp_path / "bot.yaml"
    config.write_text(f"embedder: {{engine: none}}\ntelegram: {{token_file: {secret}}}\n", encoding="utf-8")
    secret.chmod(0o644)
    (found,) = findings(filled("doctor", "--json", settings=config))["secrets"]
    assert (found["severity"], found["remedy"]) == ("warning", f"chmod 600 {secret}")
    secret.chmod(stat.S_IRUSR | stat.S_IWUSR)
    (found,) = findings(filled("doctor", "--json", settings=config))["secrets"]
    assert found["severity"] == "ok"


def test_a_configuration_with_a_password_is_a_secret(filled: Run, tmp_path: Path) -> None:
    config = tmp_path / "database.yaml"
    config.write_text("library: {database: 'postgresql+psycopg://u:hidden@127.0.0.1:1/z'}\n", encoding="utf-8")
    config.chmod(0o640)
    done = filled("doctor", "--json", settings=config)
    assert findings(done)["secrets"][0]["severity"] == "warning"
    assert "hidden" not in done.out


def test_versions_are_compared_as_numbers() -> None:
    assert _release("2.13.0+cpu") == (2, 13)
    assert _fits(_release("10.2"), ">=", _release("9.10"))
    assert not _fits(_release("3.0"), "<", _release("3"))
    assert _fault("pydantic", ">=2,<99") == ""
    assert "is needed" in _fault("pydantic", ">=99")
    assert _fault("no-such-package-here", "") == "no-such-package-here is missing"


def test_the_gravest_finding_counts() -> None:
    some = [Finding(area="a", severity=severity, what="x") for severity in ("hint", "error", "ok")]
    assert worst(some) == "error"
    assert worst(some[:1]) == "hint"
    assert worst([]) == "ok"


def test_a_check_reads_everything_again(filled: Run) -> None:
    done = filled("check")
    assert done.code == 0
    assert "all as stored" in done.out
    result = json.loads(filled("check", "--json").out)
    assert result["problems"] == []
    assert result["reports"] == len(filled("reports", "--json").out.splitlines())
    assert result["figures"] == len(filled("figures", "--json").out.splitlines())
    assert filled("check", "--quiet").out == ""


def test_damage_is_named_and_its_remedy_mends_it(filled: Run, tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "library" / "library.sqlite")
    number, source = database.execute("SELECT report_no, source FROM sources ORDER BY report_no LIMIT 1").fetchone()
    (data,) = database.execute("SELECT clean FROM texts WHERE report_no = ?", (number,)).fetchone()
    spoiled = bytearray(data)
    spoiled[len(spoiled) // 2] ^= 0xFF
    database.execute("UPDATE texts SET clean = ? WHERE report_no = ?", (bytes(spoiled), number))
    database.commit()
    database.close()
    done = filled("check")
    assert done.code == 1
    assert f"damaged  {source}: " in done.out
    assert "zhengwen remove SOURCE" in done.err
    assert json.loads(filled("check", "--json").out)["problems"][0]["source"] == source
    assert filled("remove", source).code == 0
    assert filled("ingest", source).code == 0
    assert filled("check").code == 0


def test_an_edited_figure_is_damage(filled: Run, tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "library" / "library.sqlite")
    (edited,) = database.execute("SELECT id FROM figures WHERE value = '7198'").fetchone()
    database.execute("UPDATE figures SET value = '9999' WHERE id = ?", (edited,))
    database.commit()
    database.close()
    done = filled("check")
    assert done.code == 1
    assert f"figure {edited} was changed after it was read: value" in done.out


def test_a_file_that_has_changed_since_is_a_hint(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text("# 滨城区2021年政府工作报告\n\n2020年，滨城区新增城镇就业100人。\n", encoding="utf-8")
    assert run("ingest", "report.md").code == 0
    report.write_text("# 滨城区2021年政府工作报告\n\n2020年，滨城区新增城镇就业200人。\n", encoding="utf-8")
    done = run("check")
    assert done.code == 0
    assert "report.md has changed since it was read" in done.out
    report.unlink()
    assert "report.md is no longer there" in run("check").out
