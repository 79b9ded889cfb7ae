"""Documents: an administrator's is read in and can be taken back; others' are declined; odd ones do no harm."""

from __future__ import annotations

import pytest

from tests.telegram.bot_process import BotProcess
from tests.telegram.emulator import Emulator, Fault, Person
from tests.telegram.emulator.rooms import Room
from tests.telegram.reading import labels

MEGABYTE = 1024 * 1024


def report(place: str, jobs: int) -> bytes:
    text = f"# 2022年{place}政府工作报告（测试用）\n\n2022年1月12日\n\n## 一、2021年工作回顾\n\n"
    return (text + f"2021年，全县城镇新增就业{jobs}人，改造老旧小区21个。\n").encode()


def settled(room: Room, timeout: float = 60) -> dict[str, object]:
    """The last word on a document: the bot's one message, once it no longer shows progress."""
    first = room.answer()
    number = first["message_id"]
    room.emulator.wait_until(
        lambda: not room.chat.messages[number]["text"].endswith("……"),
        timeout,
        lambda: f"never done: {room.chat.messages[number]['text']}",
    )
    return room.message(number)


def test_a_report_is_read_asked_about_and_taken_back(admin: Person, reader: Person) -> None:
    admin.upload("高青县-2022.md", report("高青县", 4321))
    done = settled(admin.room)
    assert "已读入" in str(done["text"]) and "高青县" in str(done["text"])
    assert reader.ask("高青县2021年城镇新增就业")["text"].startswith("4321人")
    admin.upload("高青县-2022.md", report("高青县", 4321))
    assert "没有变化" in str(settled(admin.room)["text"])
    admin.click(done, "撤销").wait()
    undone = admin.room.wait_edit(done)
    assert "撤销" in undone["text"] and not labels(undone)
    assert "4321" not in reader.ask("高青县2021年城镇新增就业")["text"]
    admin.room.stays_silent(0.3)


def test_undo_twice_is_harmless(admin: Person) -> None:
    admin.upload("沂源县-2022.md", report("沂源县", 1234))
    done = settled(admin.room)
    first, second = admin.click(done, "撤销"), admin.click(done, "撤销")
    first.wait(), second.wait()
    assert "撤销" in admin.room.message(int(str(done["message_id"])))["text"]


def test_others_are_declined_politely(served: Emulator, reader: Person) -> None:
    before = len(served.calls())
    reader.upload("报告.md", report("临朐县", 999))
    assert "管理员" in reader.room.answer()["text"]
    assert "getFile" not in [one.method for one in served.calls()[before:]]
    assert "999" not in reader.ask("临朐县2021年城镇新增就业")["text"]


def test_fifty_megabytes_are_refused_before_they_are_fetched(served: Emulator, admin: Person) -> None:
    before = len(served.calls())
    admin.upload("全部.pdf", b"%PDF-1.7\n" + bytes(50 * MEGABYTE))
    assert "50" in admin.room.answer()["text"]
    assert "file" not in [one.method for one in served.calls()[before:]]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("报告.pdf", b"MZ\x90\x00" + bytes(range(256)) * 40),
        ("报告.docx", b"not a zip at all"),
        ("报告.html", bytes(range(256)) * 64),
        ("报告.txt", b"\x89PNG\r\n\x1a\n" + bytes(2000)),
        ("报告.exe", b"MZ"),
        ("../../etc/passwd", b"root"),
        ("<b>名字</b>&.md", b"\n\n"),
    ],
    ids=[
        "exe as pdf",
        "text as docx",
        "bytes as html",
        "png as txt",
        "exe",
        "path",
        "markup",
    ],
)
def test_a_file_that_is_not_what_it_says(admin: Person, name: str, data: bytes) -> None:
    admin.upload(name, data)
    last = str(settled(admin.room)["text"])
    assert "已读入" not in last
    assert "Traceback" not in last and "/tmp" not in last


def test_a_garbled_name_with_a_good_report_is_read(admin: Person) -> None:
    admin.upload("../桓台 <县> & 'x'.md", report("博兴县", 777))
    done = settled(admin.room)
    assert "已读入" in str(done["text"])
    admin.click(done, "撤销").wait()
    admin.room.wait_edit(done)


def test_questions_are_answered_while_a_document_is_read(served: Emulator, admin: Person, reader: Person) -> None:
    served.faults.add(Fault("file", "delay", seconds=1.5))
    admin.upload("邹平-2022.md", report("邹平市", 888))
    progress = admin.room.answer()
    assert reader.ask("桓台县2022年GDP")["text"].startswith("368.3亿元")
    assert admin.ask("桓台县2023年GDP")["text"].startswith("392.7亿元")
    served.wait_until(
        lambda: "已读入" in admin.room.chat.messages[progress["message_id"]]["text"], 60, lambda: "not read"
    )
    admin.click(admin.room.message(progress["message_id"]), "撤销").wait()


def test_a_download_that_breaks_off_is_tried_again(served: Emulator, admin: Person) -> None:
    served.faults.add(Fault("getFile", "server_error"), Fault("file", "drop_before"))
    admin.upload("利津县-2022.md", report("利津县", 555))
    done = settled(admin.room)
    assert "已读入" in str(done["text"])
    admin.click(done, "撤销").wait()
    admin.room.wait_edit(done)


def test_several_documents_at_once(shared_bot: BotProcess, admin: Person) -> None:
    places = {"惠民县": 61, "阳信县": 62}
    for place, jobs in places.items():
        admin.upload(f"{place}.md", report(place, jobs))
    first = admin.room.wait(2)
    for message in first:
        number = message["message_id"]
        shared_bot.telegram.wait_until(
            lambda number=number: "已读入" in admin.room.chat.messages[number]["text"],  # type: ignore[misc]
            60,
            lambda number=number: str(admin.room.chat.messages[number]["text"]),  # type: ignore[misc]
        )
        admin.click(admin.room.message(number), "撤销").wait()
