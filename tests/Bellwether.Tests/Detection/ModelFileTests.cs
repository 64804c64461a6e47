using Bellwether.Detection;

namespace Bellwether.Tests.Detection;

/// <summary>A broken model says what is wrong with it when it is loaded.</summary>
public sealed class ModelFileTests
{
    [Fact]
    public void The_shipped_models_load()
    {
        Assert.NotEmpty(InjectionModel.Shipped.Version);
        Assert.NotEmpty(HarmModel.Shipped.Version);
    }

    [Theory]
    [InlineData(0, "no model file")]
    [InlineData(4, "format")]
    [InlineData(9, "it is the model")]
    [InlineData(40, "checksum")]
    public void A_changed_byte_is_found(int place, string reason)
    {
        var bytes = File();
        bytes[place] ^= 1;
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => Read(bytes)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(35)]
    public void A_cut_file_is_found(int length) =>
        Assert.StartsWith("The model of the detector 'test' cannot be used: ", Assert.Throws<InvalidDataException>(() => Read(File()[..length])).Message);

    [Fact]
    public void A_weight_that_is_no_number_is_found() =>
        Assert.Contains("not a number", Assert.Throws<InvalidDataException>(() => Read(File(float.NaN))).Message);

    [Fact]
    public void A_hashed_model_is_read_back_as_it_was_written()
    {
        var weights = new sbyte[1 << HashedFeatures.Bits];
        weights[17] = -5;
        var model = new HashedModel(weights, 0.25f, -1, new WindowShape(40, true));
        using var file = new MemoryStream();
        ModelFile.Write(file, "test", "1", model.Write);
        file.Position = 0;
        var read = ModelFile.Read(file, "test", static (reader, _) => HashedModel.Read(reader));
        Assert.Equal((model.Scale, model.Bias, model.Shape), (read.Scale, read.Bias, read.Shape));
        Assert.Equal(weights, read.Weights);
    }

    private static byte[] File(float second = 2)
    {
        using var file = new MemoryStream();
        ModelFile.Write(file, "test", "1", writer => ModelFile.Write(writer, [1, second, 3, 4, 5, 6, 7, 8]));
        return file.ToArray();
    }

    private static float[] Read(byte[] bytes) => ModelFile.Read(new MemoryStream(bytes), "test", static (reader, _) => ModelFile.ReadFloats(reader, 8));
}
