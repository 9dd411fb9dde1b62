#!/usr/bin/env bash
# What a card is to be asked first, in this order (docs/gpu.md): checks from the simplest way to multiply on, speed, PyTorch on the same card,
# the comparison. Logs and JSON go to FOLDER; steps that are done there are not repeated, and none is begun that would not end within SECONDS.
#   Benchmarks/first-hour.sh FOLDER [SECONDS]
#   DEVICE=opencl TINY=1 Benchmarks/first-hour.sh FOLDER     every command with the smallest sizes, without a card
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: first-hour.sh FOLDER [SECONDS]}
budget=${2:-3600}
device=${DEVICE:-cuda}
python=${PYTHON:-python3}
longest=590
failed=() left=()
tensor=fp32,tf32 every=fp32,tf32,3xtf32 most=tf32
if [ "$device" != cuda ]; then
    tensor=fp32 every=fp32 most=fp32
fi
mkdir -p "$folder"

if [ -x "$here/FlowRatio.Benchmarks" ]; then
    app=("$here/FlowRatio.Benchmarks")
else
    app=(dotnet "$here/bin/Release/net10.0/FlowRatio.Benchmarks.dll")
fi

linear=(--only ContractLinear --steps 20 --points 1000)
all=()
speed=()
first_solves=(--solve-points 10000)
paper=(--paper-steps 20000)
peer=(--seconds 0.5)
if [ -n "${TINY:-}" ]; then
    linear=(--only Further_input --steps 2 --points 20 --dim 2 --width 8 --batch 8)
    all=("${linear[@]}")
    first_solves=()
    speed=(--rows 64 --widths 16,8 --batch 16 --evaluation-points 20 --solve-points 20 --solver-steps 1 --score-points 20,40 --score-block 20
           --megabytes 1 --ceiling-groups 1)
    paper=(--paper-steps 2 --paper-points 20)
    peer=(--seconds 0.01 --rows 64 --widths 16,8 --batch 16 --evaluation-points 20 --solve-points 20 --steps 1 --megabytes 1)
fi

# step NAME SECONDS COMMAND...: the seconds are an estimate for an H200.
step() {
    local name=$1 estimate=$2 code
    shift 2
    if [ -e "$folder/$name.done" ]; then
        return
    fi
    if [ $((SECONDS + estimate)) -gt "$budget" ]; then
        left+=("$name")
        return
    fi
    echo "== $name ($SECONDS s): $*"
    timeout "$longest" "$@" > "$folder/$name.log" 2>&1
    code=$?
    tail -n 4 "$folder/$name.log"
    if [ "$code" -eq 0 ]; then
        touch "$folder/$name.done"
    else
        failed+=("$name (exit code $code)")
    fi
}

gpu() {
    local name=$1 estimate=$2
    shift 2
    step "$name" "$estimate" "${app[@]}" gpu --device "$device" "$@"
}

measure() {
    local name=$1 estimate=$2 file=$3
    shift 3
    gpu "$name" "$estimate" --speed --json "$folder/$file" --resume ${speed[@]+"${speed[@]}"} "$@"
}

gpu check-portable 60 --precision portable "${linear[@]}"
gpu check-products 60 --graphs off "${linear[@]}"
gpu check-all 240 --json "$folder/gpu-fp32.json" ${all[@]+"${all[@]}"}
if [ "$device" = cuda ]; then
    gpu check-tf32 60 --precision tf32 "${linear[@]}"
    gpu check-3xtf32 60 --precision 3xtf32 --json "$folder/gpu-3xtf32.json" "${linear[@]}"
fi
measure steps 120 steps.json --cases "training step,evaluation" --seconds 0.5
measure solves-10000 60 solves.json --cases solve ${first_solves[@]+"${first_solves[@]}"} --precisions $tensor
measure products 120 products.json --cases layer,gradient --seconds 0.2
step peer 240 "$python" "$here/Peers/gpu_peer.py" --device "$([ "$device" = cuda ] && echo cuda || echo cpu)" --json "$folder/peer.json" "${peer[@]}"
measure steps-without-graphs 60 steps.json --cases "training step" --precisions $tensor --graphs off
measure solves 420 solves.json --cases solve --precisions $tensor --limit 300
measure scores 120 scores.json --cases score --precisions $most
measure paper 120 paper.json --cases paper --precisions $every "${paper[@]}"

ours=()
for file in products steps solves scores; do
    [ -e "$folder/$file.json" ] && ours+=("$folder/$file.json")
done
if [ ${#ours[@]} -gt 0 ] && [ -e "$folder/peer.json" ]; then
    "$python" "$here/Peers/compare_gpu.py" "${ours[@]}" "$folder/peer.json" | tee "$folder/comparison.md"
fi

[ ${#left[@]} -gt 0 ] && echo "Left for another call, which begins with them: ${left[*]}"
if [ ${#failed[@]} -gt 0 ]; then
    echo "Failed: ${failed[*]}" >&2
    exit 1
fi
