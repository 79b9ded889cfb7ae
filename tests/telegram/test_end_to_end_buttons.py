"""Every button under an answer, pressed by a reader; stale and forged ones too."""

from __future__ import annotations

from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Person, buttons, find_button
from tests.telegram.emulator.methods_files import image_size
from tests.telegram.library import zhengwen
from tests.telegram.reading import labels, marked, quotes

QUESTION = "滨城区2020年新增就业多少"


def test_the_source_opens_with_its_neighbours(reader: Person) -> None:
    reply = reader.ask("桓台县2022年城镇新增就业")
    pressed = reader.click(reply, "原文 [1]")
    opened = reader.room.answer()
    assert pressed.wait()["show_alert"] is False
    assert "全年城镇新增就业5215人，改造老旧小区13个。" in opened["text"]
    assert any("5215" in one for one in marked(opened, "bold")), "the figure is highlighted"
    assert {"‹ 上一段", "下一段 ›"} <= set(labels(opened))
    reader.click(opened, "下一段")
    after = reader.room.wait_edit(opened)
    assert "新建幼儿园7所" in after["text"] and after["message_id"] == opened["message_id"]
    reader.click(after, "上一段")
    assert "5215人" in reader.room.wait_edit(after)["text"]
    reader.room.stays_silent(0.3)


def test_paragraphs_end_at_the_first_and_the_last(reader: Person) -> None:
    reply = reader.ask("桓台县2022年城镇新增就业")
    reader.click(reply, "原文 [1]")
    page = reader.room.answer()
    for direction, other in (("上一段", "下一段"), ("下一段", "上一段")):
        for _ in range(12):
            if not any(direction in one for one in labels(page)):
                break
            reader.click(page, direction)
            page = reader.room.wait_edit(page)
        assert not any(direction in one for one in labels(page)), "there is an end"
        assert any(other in one for one in labels(page))


def test_neighbouring_years(reader: Person) -> None:
    reply = reader.ask("桓台县2021年GDP是多少")
    reader.click(reply, "相邻年份")
    series = reader.room.answer()
    for value in ("325.8亿元", "351.6亿元", "368.3亿元"):
        assert value in series["text"]
    assert len(quotes(series)) >= 3


def test_a_series_has_a_chart(served: Emulator, reader: Person) -> None:
    reply = reader.ask("桓台县2019年到2023年历年GDP")
    assert "312.4亿元" in reply["text"] and "392.7亿元" in reply["text"]
    before = len(served.calls())
    reader.click(reply, "图").wait()
    picture = reader.room.answer(30)
    width, height = image_size(served.world.files[picture["photo"][-1]["file_id"]].data)
    assert width >= 600 and height >= 300
    assert picture["caption"]
    actions = [one.params.text("action") for one in served.calls("sendChatAction") if one in served.calls()[before:]]
    assert "upload_photo" in actions


def test_a_comparison_has_a_chart(reader: Person) -> None:
    reply = reader.ask("桓台县和滨城区2020年GDP谁高")
    reader.click(reply, "图").wait()
    assert reader.room.answer(30)["photo"]


def test_the_number_is_copied_as_printed(reader: Person) -> None:
    key = find_button(reader.ask(QUESTION), "复制数字")
    assert key["copy_text"]["text"] in ("7198", "7198人")


def test_an_objection_is_kept(shared_bot: BotProcess, reader: Person) -> None:
    reply = reader.ask("陵城区2020年新增城镇就业多少人")
    pressed = reader.click(reply, "有误")
    noted = pressed.wait()
    said = noted["text"] or reader.room.answer()["text"]
    assert "记下" in said
    kept = zhengwen("--library", shared_bot.library, "--config", shared_bot.config, "errors", "--json")
    assert "5596" in kept


def test_an_ambiguous_region_is_chosen(reader: Person) -> None:
    reply = reader.ask("和平区2021年一般公共预算收入是多少")
    assert {"天津市和平区", "辽宁省沈阳市和平区"} <= set(labels(reply))
    reader.click(reply, "沈阳市和平区")
    shenyang = reader.room.answer()
    assert "71.2亿元" in marked(shenyang, "bold")[0]
    reader.click(reply, "天津市和平区")
    assert "36.8亿元" in marked(reader.room.answer(), "bold")[0]


def test_every_button_fits_and_is_answered(reader: Person) -> None:
    for question in (
        QUESTION,
        "桓台县2019年到2023年历年GDP",
        "和平区2021年一般公共预算收入是多少",
        "/help",
        "/reports",
    ):
        reply = reader.ask(question)
        for key in buttons(reply):
            if "callback_data" not in key:
                continue
            reader.click(reply, key["text"]).wait()
    reader.room.wait(5)


def test_forged_and_outdated_buttons_say_so(reader: Person) -> None:
    reply = reader.ask(QUESTION)
    for data in (
        "s:ffffffffffff:",
        "y:99999999",
        "g:99999999",
        "c:99999999:0",
        "c::",
        "x:99",
        "l:regions:99",
        "zzz",
        "u:nothing",
        "a:ABCD2345",
        "::::",
        "e:unknown",
    ):
        answer = reader.press_data(reply, data).wait()
        assert answer["text"], f"{data} is answered without a word"
    reader.room.stays_silent(0.3)


def test_pressing_ten_times_is_harmless(reader: Person) -> None:
    reply = reader.ask("桓台县2022年城镇新增就业")
    reader.click(reply, "原文 [1]")
    opened = reader.room.answer()
    pressed = [reader.click(opened, "下一段") for _ in range(10)]
    for one in pressed:
        assert one.wait() is not None
    assert "新建幼儿园7所" in reader.room.message(opened["message_id"])["text"]


def test_a_reader_of_a_deleted_message_is_not_left_hanging(served: Emulator, reader: Person) -> None:
    reply = reader.ask("桓台县2022年城镇新增就业")
    reader.click(reply, "原文 [1]")
    opened = reader.room.answer()
    with served.world.lock:
        del reader.room.chat.messages[opened["message_id"]]
    assert reader.press_data(opened, find_button(opened, "下一段")["callback_data"]).wait() is not None
