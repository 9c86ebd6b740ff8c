using System.Text.Json.Serialization;

namespace Polywire.BuiltIn;

/// <summary>Metadata of the built-in actions' answers, so that they work with JSON reflection off.</summary>
[JsonSerializable(typeof(RandomNumberAction.Output))]
[JsonSerializable(typeof(SleepTestAction.Output), TypeInfoPropertyName = "SleepTestOutput")]
[JsonSerializable(typeof(CacheTestAction.Output), TypeInfoPropertyName = "CacheTestOutput")]
[JsonSerializable(typeof(ShowDocumentationAction.Output), TypeInfoPropertyName = "ShowDocumentationOutput")]
[JsonSerializable(typeof(CreateChatRoomAction.Output), TypeInfoPropertyName = "CreateChatRoomOutput")]
[JsonSerializable(typeof(ValidationTestAction.Output), TypeInfoPropertyName = "ValidationTestOutput")]
[JsonSerializable(typeof(StatusAction.Output), TypeInfoPropertyName = "StatusOutput")]
internal sealed partial class BuiltInJson : JsonSerializerContext;
