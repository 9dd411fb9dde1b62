#!/usr/bin/env bash
# The runs that docs/experiments.md, docs/numerics.md, docs/accuracy.md and docs/applications.md quote (several hours on two cores).
# Usage, from the project's root:  docs/results/run.sh [folder with the single-cell data]
# Cells of studies lie in $CELLS (accuracy-cells by default); finished ones are not run again.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${1:-}
dotnet build -c Release Benchmarks >/dev/null
run() { dotnet Benchmarks/bin/Release/net10.0/FlowRatio.Benchmarks.dll "$@"; }
out=docs/results
cells=${CELLS:-accuracy-cells}
mkdir -p "$cells"

# The training of before docs/accuracy.md, from which most results of docs/experiments.md are.
earlier="--base none --batch 512 --learning-rate 5e-4 --condition-code 32 --condition-scale 1 --hidden-gain 1 --time-scale 1 --references 0 --independent-noise --whitening 0 --implied-score 0"

for seed in 1 2 3; do
    run gaussian $earlier --steps 15000 --seed "$seed" --overlap --json "$out/gaussian-seed$seed.json"
done
run gaussian $earlier --steps 15000 --dim 2 --json "$out/gaussian-dim2.json"
run gaussian $earlier --steps 15000 --dim 20 --json "$out/gaussian-dim20.json"
run gaussian $earlier --steps 15000 --shift 2 --overlap --json "$out/gaussian-shift2.json"
run gaussian $earlier --steps 15000 --shift 4 --overlap --json "$out/gaussian-shift4.json"
run gaussian $earlier --steps 15000 --schedule data-noise --json "$out/gaussian-data-noise.json"
run gaussian $earlier --steps 15000 --schedule path-noise --json "$out/gaussian-path-noise.json"
run gaussian $earlier --steps 15000 --drop 0.1 --json "$out/gaussian-drop.json"
for dim in 2 5 10; do
    run gaussian --dim "$dim" --methods tsm,ctsm,ctsmv --json "$out/gaussian-baselines-dim$dim.json"
    run gaussian --dim "$dim" --methods tsm,ctsm,ctsmv --baseline-variance 1 --json "$out/gaussian-baselines-variance1-dim$dim.json"
    run gaussian --dim "$dim" --methods tsm,ctsm,ctsmv,ctsmv-onesided --baseline-variance 1 --baseline-decay constant --json "$out/gaussian-baselines-constant-dim$dim.json"
done
for rate in 2e-4 5e-4 2e-3; do
    run gaussian --dim 10 --methods ctsm,ctsmv --baseline-variance 1 --baseline-rate "$rate" --test-points 4000 --json "$out/gaussian-baselines-rate$rate-dim10.json"
done
few="--dim 10 --methods ctsm --baseline-variance 1 --test-points 4000"
run gaussian $few --baseline-rate 5e-4 --baseline-factor 3 --json "$out/gaussian-ctsm-factor3-dim10.json"
run gaussian $few --baseline-rate 7e-4 --baseline-factor 3 --json "$out/gaussian-ctsm-factor3-rate7e-4-dim10.json"
run gaussian --dim 10 --methods ctsm --baseline-variance 1 --baseline-rate 1e-3 --baseline-factor 3 --json "$out/gaussian-ctsm-factor3-rate1e-3-dim10.json"
run gaussian $few --baseline-rate 5e-4 --fresh-samples --json "$out/gaussian-ctsm-fresh-dim10.json"
run gaussian --dim 5 --methods tsm --baseline-variance 1 --baseline-rate 2e-3 --json "$out/gaussian-tsm-rate2e-3-dim5.json"
run gaussian --dim 5 --methods tsm --baseline-variance 1 --tsm-weight objective-variance --json "$out/gaussian-tsm-objective-weight-dim5.json"
for dim in 20 40 80; do
    run mi $earlier --steps 15000 --dim "$dim" --json "$out/mi-dim$dim.json"
done
for dim in 160 320; do
    run mi $earlier --dim "$dim" --steps 2000 --train-points 40000 --test-points 500 --baseline-steps 2000 --baseline-variance 1 --json "$out/mi-dim$dim.json"
done
run reproduce gaussian $earlier --dims 2,5,10 --repetitions 2 --steps 4000 --baseline-steps 4000 --baseline-decay constant --out "$cells/reproduce-short"
cp "$cells/reproduce-short/summary.json" "$out/reproduce-gaussian-short.json"
if [ -n "$data" ]; then
    for seed in 1 2; do
        run table $earlier "$data/spectre_wnv/wnv_cns_20000.csv.gz" --condition Group --numerator WNV --denominator Mock --seed "$seed" \
            --columns NK11_asinh,CD3_asinh,CD45_asinh,Ly6G_asinh,CD11b_asinh,B220_asinh,CD8a_asinh,Ly6C_asinh,CD4_asinh \
            --json "$out/table-wnv-seed$seed.json"
    done
    # docs/accuracy.md, real cells: accuracy-real.json has these reports side by side.
    for seed in 1 2 3; do
        real() {
            name=$1; shift
            run table "$@" --methods s3 --seed "$seed" ${earlier/--batch 512/--batch 256} --json "$cells/$name-plain-$seed.json"
            run table "$@" --methods s3 --seed "$seed" --base auto --json "$cells/$name-auto-$seed.json"
        }
        list() { seq -f "$1%g" -s, 1 "$2"; }
        real wnv "$data/spectre_wnv/wnv_cns_20000.csv.gz" --condition Group --numerator WNV --denominator Mock --steps 2000 \
            --columns NK11_asinh,CD3_asinh,CD45_asinh,Ly6G_asinh,CD11b_asinh,B220_asinh,CD8a_asinh,Ly6C_asinh,CD4_asinh
        real bcrxl "$data/bcrxl_cytof/bcrxl_asinh5.csv" --condition condition --numerator BCRXL --denominator Ref --steps 2000 \
            --columns CD3,CD45,pNFkB,pp38,CD4,CD20,CD33,pStat5,CD123,pAkt,pStat1,pSHP2,pZap70,pStat3,CD14,pSlp76,pBtk,pPlcg2,pErk,pLat,IgM,pS6,HLADR,CD7
        real ms-day "$data/ms_cytof/ms_cytof_log1p.csv.gz" --condition day --numerator 2 --denominator 1 --columns "$(list m 25)" --steps 2000
        real ms-time "$data/ms_cytof/ms_cytof_log1p.csv.gz" --condition timepoint --numerator 3month --denominator baseline --columns "$(list m 25)" --steps 2000
        real kang "$data/kang_ifnb/kang_harmony2000_pca50.csv" --condition condition --numerator stim --denominator ctrl --columns "$(list PC 20)" --steps 1500
        real emt "$data/tigon/EMT.csv" --condition time --numerator 1 --denominator 0 --columns z1,z2,z3 --steps 1500
        real lineage "$data/tigon/Lineage.csv" --condition time --numerator 2 --denominator 1 --columns z1,z2 --steps 2000
    done
    # All of them as one object, by name.
    {
        separator='{'
        for file in "$cells"/*-plain-?.json "$cells"/*-auto-?.json; do
            printf '%s\n"%s": ' "$separator" "$(basename "$file" .json)"
            cat "$file"
            separator=','
        done
        printf '}\n'
    } > "$out/accuracy-real.json"
    # docs/applications.md, trained before mirrored noise and the present learning rate.
    former="--learning-rate 1e-3 --independent-noise --whitening 0"
    wnv="$data/spectre_wnv/wnv_cns_20000.csv.gz"
    markers=NK11_asinh,CD3_asinh,CD45_asinh,Ly6G_asinh,CD11b_asinh,B220_asinh,CD8a_asinh,Ly6C_asinh,CD4_asinh
    balls="--base free-levels:800 --base-alone --no-standardize --schedule data-noise"
    populations="--clusters Population --columns $markers --embedding UMAP_X,UMAP_Y --methods flow,meld,classifier,knn"
    run abundance "$wnv" $populations $balls --sigma-min 0.34 --members 6 --json "$out/abundance-wnv.json"
    run abundance "$wnv" $populations $balls --sigma-min 0.3 --members 8 --seed 21 --json "$out/abundance-wnv-seed21.json"
    run batch-effect $former "$data/ms_cytof/ms_cytof_log1p.csv.gz" --type person,timepoint --batch-column day --columns 'm*' --steps 1000 --width 64 \
        --null-trainings 1 --json "$out/batch-effect-ms.json"
    run combination $former "$data/ms_cytof/ms_cytof_log1p.csv.gz" --first person,cd8_label --second day,timepoint --control "1 + baseline" --columns 'm*' \
        --steps 4000 --width 96 --json "$out/combination-ms.json"
    run combination $former "$data/bcrxl_cytof/bcrxl_asinh5.csv" --first patient --second condition --control Ref --steps 1000 --width 64 \
        --json "$out/combination-bcrxl.json"
    run response $former "$data/bcrxl_cytof/bcrxl_asinh5.csv" --donor patient --arm condition --treated BCRXL --control Ref --steps 1000 --width 64 \
        --json "$out/response-bcrxl.json"
    run response $former "$data/kang_ifnb/kang_harmony2000_pca50.csv" --arm condition --treated stim --control ctrl --group transferred_cell_type \
        --columns 'PC*' --dimensions 10 --steps 1000 --width 64 --json "$out/response-kang.json"
fi
# docs/accuracy.md; each study goes on where it was stopped.
# The files of other pairs without "defaults" in their name were made before factors and whitened inputs: their rows of other methods and of the training without
# the ideas stand, their rows "recommended" are the defaults of then. mi-b is from before as well.
defaults="--methods s3 --variants recommended"
others="--methods s3 --solver-steps 20 --steps 8000 --baseline-steps 8000 --variants recommended,plain,classifier,tsm,ctsm,ctsmv"
run accuracy --out "$cells/gaussian" --tasks shift1,shift2,shift4 --steps 2000 $defaults
run accuracy --out "$cells/mi-a" --tasks mi --dims 20,40 --steps 1000 --train-points 180000 --test-points 100000 $defaults
run accuracy --out "$cells/mi-b" --tasks mi --dims 80,160,320 --steps 1000 --train-points 180000 --test-points 20000 $defaults
run accuracy --out "$cells/warped-overlap" --tasks warped,partial-overlap --dims 2,10 $others
run accuracy --out "$cells/mixture" --tasks mixture --dims 2,10 $others
run accuracy --out "$cells/heavy-tail" --tasks heavy-tail --dims 5 $others
today="--solver-steps 20 --steps 8000 $defaults"
run accuracy --out "$cells/defaults-warped" --tasks warped --dims 2,10 $today
for dim in 2,10,20 50; do
    run accuracy --out "$cells/defaults-mixture-$dim" --tasks mixture --dims "$dim" $today
done
run accuracy --out "$cells/defaults-boxes" --tasks partial-overlap --dims 2,10,20 $today
run accuracy --out "$cells/defaults-heavy-tail" --tasks heavy-tail --dims 5 $today
run accuracy --out "$cells/defaults-dims-20-warped" --tasks warped --dims 20 $today
run accuracy --out "$cells/defaults-dims-50-warped" --tasks warped --dims 50 $today
run accuracy --out "$cells/defaults-dims-50-boxes" --tasks partial-overlap --dims 50 $today
run accuracy --out "$cells/defaults-dims-50-long-warped" --tasks warped --dims 50 --solver-steps 20 --steps 20000 $defaults
for dim in 20 50; do
    run accuracy --out "$cells/baselines-dims-$dim" --tasks warped,partial-overlap,mixture --dims "$dim" ${others/recommended,plain,classifier,/}
done
run accuracy --out "$cells/dims-50-classifier" --tasks warped --dims 50 ${today/recommended/classifier}
run accuracy --out "$cells/warped-2000" --tasks warped --dims 10 --steps 2000 --methods s3 --solver-steps 20 --variants recommended,plain
run accuracy --out "$cells/whitening" --tasks shift1 --dims 10 --steps 4000 --methods s3 --solver-steps 20 --variants whitening,no-base
run accuracy --out "$cells/no-base" --learning-rate 1e-3 --whitening 0 --tasks shift1 --dims 10 --steps 10000 --members 2 --methods s3 --solver-steps 20 --variants no-base
run accuracy --out "$cells/ideas" --learning-rate 1e-3 --whitening 0 --tasks shift1 --dims 10 --steps 4000 --methods s3 --solver-steps 20 --variants plain,steps,rate,codes,gain,time,targets,pairs,score,no-base
high="--methods s3 --solver-steps 20 --steps 8000 --variants recommended,plain,classifier"
run accuracy --out "$cells/dims-20" --tasks partial-overlap,warped,mixture --dims 20 $high
run accuracy --out "$cells/dims-50" --tasks warped,partial-overlap,mixture --dims 50 --repetitions 1 $high
run accuracy --out "$cells/dims-50-long-partial-overlap" --tasks partial-overlap --dims 50 --repetitions 1 --methods s3 --solver-steps 20 --steps 20000 --whitening 0 --variants no-base
run accuracy --out "$cells/gate-gaussian" --tasks shift1,shift2 --dims 10 --steps 2000 --methods s3 --variants no-gate
run accuracy --out "$cells/gate-mixture" --tasks mixture --dims 10 ${high/recommended,plain,classifier/no-gate}
run accuracy --out "$cells/gate-heavy-tail" --tasks heavy-tail --dims 5 ${high/recommended,plain,classifier/no-gate}
for name in gaussian mi-a mi-b warped-overlap mixture heavy-tail no-base ideas dims-20 dims-50 dims-50-long-partial-overlap gate-gaussian gate-mixture gate-heavy-tail \
    defaults-dims-50-long-warped baselines-dims-20 baselines-dims-50 defaults-warped defaults-boxes defaults-heavy-tail defaults-dims-20-warped defaults-dims-50-warped defaults-dims-50-boxes dims-50-classifier warped-2000 whitening; do
    cp "$cells/$name/summary.json" "$out/accuracy-$name.json"
done
cp "$cells/defaults-mixture-2,10,20/summary.json" "$out/accuracy-defaults-mixture.json"
cp "$cells/defaults-mixture-50/summary.json" "$out/accuracy-defaults-dims-50-mixture.json"
run precision --json "$out/precision.json"
run scale --json "$out/scale.json"
