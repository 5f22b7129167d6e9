"""What a page is told of the server, and what not."""

from __future__ import annotations

from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

import ui.guard.outgoing as outgoing
from ui.guard.outgoing import without_machine


def test_a_new_session_keeps_all_but_the_path_and_the_machine() -> None:
    message = ForwardMsg()
    new = message.new_session
    new.main_script_path, new.name = "/srv/class/ui/main.py", "main"
    new.initialize.session_id = "abc"
    new.initialize.user_info.installation_id_v3 = "machine"
    seen = ForwardMsg.FromString(without_machine(message.SerializeToString()))
    assert seen.new_session.initialize.session_id == "abc"
    assert (seen.new_session.main_script_path, seen.new_session.name) == ("main", "main")
    assert b"machine" not in seen.SerializeToString()


def test_other_messages_pass_byte_for_byte() -> None:
    message = ForwardMsg()
    message.delta.new_element.text.body = "/srv/class/ui/main.py"
    data = message.SerializeToString()
    assert without_machine(data) == data


def test_the_folder_looked_for_is_that_of_the_pages() -> None:
    assert (Path(outgoing._FOLDER.decode()) / "main.py").is_file()
