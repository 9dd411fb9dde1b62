namespace FlowRatio.Benchmarks.Speed;

/// <summary>What one run of a case does, so that times can be read as rates.</summary>
/// <param name="Flop">Floating-point operations, a multiply-add counting two; 0 where counting them makes no sense.</param>
/// <param name="Elements">Elements that an elementwise operation touches; 0 where it is not one.</param>
internal readonly record struct SpeedWork(double Flop, double Elements = 0);
