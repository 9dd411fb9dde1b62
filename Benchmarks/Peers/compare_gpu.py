# SPDX-License-Identifier: MIT
"""
Our `gpu --speed` beside gpu_peer.py's: what is aimed at on an H200, and then, for every case that both have, our precisions against the peer's
modes. Several files of ours are taken together.

    python3 Benchmarks/Peers/compare_gpu.py OURS.json [OURS.json ...] PEER.json
"""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def add(table, report):
    for row in report["rows"]:
        mode = row["precision"] + ("" if row.get("graphs", True) else ", no graphs")
        table.setdefault(row["name"], {})[mode] = row["median_ms"]


def targets(rows, ours, peer):
    """Name, aim, value (None where something has not been measured) and whether it is met."""
    def ours_of(name, mode):
        return ours.get(name, {}).get(mode)

    def peers_best(name, *starts):
        return min((value for mode, value in peer.get(name, {}).items() if mode.startswith(starts)), default=None)

    def ratio(above, below):
        return None if above is None or below is None else above / below

    for count in (2048, 4096, 8192):
        name = f"layer {count}x1024x1024"
        share = next((row.get("fp32_share") for row in rows if (row["name"], row["precision"]) == (name, "fp32")), None)
        yield f"{name}, fp32, share of the measured ceiling", "0.6", share, share is not None and share >= 0.6
        faster = ratio(ours_of(name, "fp32"), ours_of(name, "tf32"))
        yield f"{name}, tf32 against our fp32", "4 times", faster, faster is not None and faster >= 4
    step = "training step, width 1024, batch 512"
    faster = ratio(peer.get(step, {}).get("fp32"), ours_of(step, "fp32"))
    yield f"{step}, fp32, against PyTorch eager fp32", "2 times", faster, faster is not None and faster >= 2
    faster = ratio(peers_best(step, "tf32"), ours_of(step, "tf32"))
    yield f"{step}, tf32, against PyTorch's best TF32", "1 time", faster, faster is not None and faster >= 1
    solve = "solve s1, width 1024, 10000 points"
    for mode in ("fp32", "tf32", "3xtf32"):
        milliseconds = ours_of(solve, mode)
        yield f"{solve}, {mode}, seconds", "below 0.2", milliseconds and milliseconds / 1e3, milliseconds is not None and milliseconds < 200
    scores = {row["name"]: row for row in rows if row["name"].startswith("score")}
    few, many = (next((row for name, row in scores.items() if f" {count} points" in name), None) for count in (1_000_000, 10_000_000))
    longer = ratio(many and many["median_ms"], few and few["median_ms"])
    yield "10 million points scored, time of 1 million", "about 10 times", longer, longer is not None and 8 < longer < 12
    larger = ratio(many and many["device_mebibytes"], few and few["device_mebibytes"])
    yield "10 million points scored, memory of 1 million", "1 time", larger, larger is not None and larger < 1.05


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    our_table, peer_table = {}, {}
    reports = [load(path) for path in sys.argv[1:]]
    ours, peer = reports[:-1], reports[-1]
    for report in ours:
        add(our_table, report)
    add(peer_table, peer)
    print("ours: " + "; ".join(sorted({report["description"] for report in ours})) + f"\npeer: {peer['description']}")
    print(f"ceilings: copy {max(report['copy_gbps'] for report in ours):.0f} GB/s, "
          f"float32 {max(report['fp32_tflops'] for report in ours):.1f} TFLOP/s\n")
    print("| aim on an H200 | asked | measured | met |\n| --- | --- | --- | --- |")
    for name, asked, value, is_met in targets([row for report in ours for row in report["rows"]], our_table, peer_table):
        print(f"| {name} | {asked} | {'not run' if value is None else f'{value:.3g}'} | {'' if value is None else 'yes' if is_met else 'no'} |")
    print("\n| case | ours | ms | peer | ms | peer / ours |\n| --- | --- | --- | --- | --- | --- |")
    for name, precisions in our_table.items():
        for precision, milliseconds in precisions.items():
            for mode, theirs in peer_table.get(name, {}).items():
                print(f"| {name} | {precision} | {milliseconds:.4g} | {mode} | {theirs:.4g} | {theirs / milliseconds:.2f} |")
    missing = sorted(set(our_table) ^ set(peer_table))
    if missing:
        print("\nonly on one side: " + "; ".join(missing))


if __name__ == "__main__":
    main()
