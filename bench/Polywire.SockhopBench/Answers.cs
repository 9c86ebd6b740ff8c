namespace Polywire.SockhopBench;

internal static class Answers
{
    public static Answer To(Question question) => new(Random.Shared.NextDouble(), question.messageId);
}
