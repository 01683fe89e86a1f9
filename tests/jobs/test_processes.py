"""Real processes: several at once, and one that is killed between claim and settle; tests/crash kills at random."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from jobs.send_reminders import send_reminders
from tests.jobs.cases import clock_at, environ_of, make_due, states, with_server
from tests.jobs.fault_server import STALL, FaultServer

AT = ("run", "send-reminders", "--at", "2026-11-23 08:00", "--for-real")


def start(settings, *arguments):
    environ = {**os.environ, **environ_of(settings)}
    command = [sys.executable, "-m", "jobs", *arguments]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_t10_four_processes_send_each_mail_once(database, settings, now):
    make_due(database, now, 10)
    with FaultServer() as server:
        relay = with_server(settings, server)
        processes = [start(relay, *AT) for _ in range(4)]
        ended = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, ended
    assert len(server.accepted) == 10
    assert len({mail.data for mail in server.accepted}) == 10
    assert states(database, now) == [("sent", "")] * 10


def test_t10_run_again_and_there_is_no_second_mail(database, settings, now):
    make_due(database, now)
    with FaultServer() as server:
        relay = with_server(settings, server)
        for _ in range(2):
            process = start(relay, *AT)
            process.communicate(timeout=60)
            assert process.returncode == 0
    assert len(server.accepted) == 1


def test_t7_t8_killed_between_claim_and_settle_it_is_uncertain_and_never_sent_again_by_itself(
    database, settings, now
):
    make_due(database, now, 2)
    with FaultServer(end=STALL) as stalling:
        process = start(with_server(settings, stalling), *AT)
        assert stalling.in_data.wait(30)
        process.kill()
        process.communicate(timeout=10)
    assert states(database, now) == [("claimed", ""), ("composed", "")]
    with FaultServer() as server:
        relay = with_server(settings, server)
        send_reminders(database, relay, clock_at(now + timedelta(minutes=1)), as_of=True)
        assert states(database, now) == [("claimed", ""), ("sent", "")], "the other one goes out"
        send_reminders(database, relay, clock_at(now + timedelta(minutes=11)), as_of=True)
        assert states(database, now) == [("uncertain", "interrupted"), ("sent", "")]
        send_reminders(database, relay, clock_at(now + timedelta(hours=30)), as_of=True)
        assert len(server.accepted) == 1


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_the_timetable_ends_in_order_when_it_is_asked_to(database, settings, signal_number):
    process = start(settings)
    line = process.stdout.readline()
    assert "the timetable runs" in line, line
    time.sleep(0.2)
    process.send_signal(signal_number)
    process.communicate(timeout=30)
    assert process.returncode == 0
