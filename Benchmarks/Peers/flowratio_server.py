# SPDX-License-Identifier: MIT
"""Our own side: `Benchmarks -- speed --serve` as a child process that runs a case when told to."""
import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "bin", "Release", "net10.0", "FlowRatio.Benchmarks.dll")


def run_command(*arguments, quiet=False, program=PROGRAM):
    """Runs another command of ours to its end."""
    subprocess.run(["dotnet", program, *arguments], check=True, stdout=subprocess.DEVNULL if quiet else None)


class Server:
    """One line asks, one line answers; the process sleeps in between."""

    def __init__(self, threads, program=PROGRAM):
        if not os.path.exists(program):
            raise SystemExit(f"{program} does not exist; build first: dotnet build -c Release")
        self.process = subprocess.Popen(
            ["dotnet", program, "speed", "--serve", "--threads", str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n")
        if answer.startswith("error") or (not answer and self.process.poll() is not None):
            raise RuntimeError(f"{line}: {answer or 'the server has ended'}")
        return answer

    def milliseconds(self, case, repetitions):
        return [float(value) for value in self.ask(f"{case} {repetitions}").split()]

    def flop(self, case):
        return float(self.ask(f"work {case}"))

    def machine(self):
        return json.loads(self.ask("machine"))

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
