namespace FlowRatio.Applications.Response;

/// <summary>One donor, treated against control.</summary>
/// <param name="Donor">Name.</param>
/// <param name="Treated">Treated cells.</param>
/// <param name="Control">Control cells.</param>
/// <param name="Strength">
/// Half the difference of the mean log-ratios of treated and control cells, in nats: the mean of the two divergences between the donor's
/// densities. It has no direction and is not negative but for noise.
/// </param>
/// <param name="OddsStrength">The same of the cross-fitted classifier.</param>
/// <param name="MeanAbsoluteRatio">Mean |log-ratio| of the treated cells.</param>
/// <param name="Pearson">Correlation of log-ratio and log-odds over the donor's cells.</param>
/// <param name="Spearman">Rank correlation of the same.</param>
/// <param name="RatioAuc">Area under the ROC curve of the log-ratio for telling treated from control.</param>
/// <param name="OddsAuc">The same of the classifier.</param>
/// <param name="Transfer">
/// Half the difference of the means of the other donors' log-ratio between this donor's treated and control cells: positive where the donor
/// responds as the others do. NaN with a single donor.
/// </param>
/// <param name="TransferAuc">Area under the ROC curve of the other donors' log-ratio on this donor's cells.</param>
/// <param name="Missing">Cells without a finite log-ratio; they are left out.</param>
public sealed record DonorResponse(
    string Donor,
    int Treated,
    int Control,
    double Strength,
    double OddsStrength,
    double MeanAbsoluteRatio,
    double Pearson,
    double Spearman,
    double RatioAuc,
    double OddsAuc,
    double Transfer,
    double TransferAuc,
    int Missing);
