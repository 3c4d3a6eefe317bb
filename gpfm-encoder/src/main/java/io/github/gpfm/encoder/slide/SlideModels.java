package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.SlideEncoderInfo;
import io.github.gpfm.api.SlideEncoderInfo.Input;
import java.util.List;

/** The published slide encoders. Tiles and resolutions are those of the authors' own words. */
final class SlideModels {
  private static final String BY_NC_ND = "CC-BY-NC-ND 4.0, gated";
  private static final Input CONCH_15 = new Input("conch-v1.5", "contrast", 768);
  private static final Input UNI = new Input("uni", "class-token", 1024);
  private static final Input UNI_2 = new Input("uni2-h", "class-token", 1536);

  static final List<SlideModel> ALL =
      List.of(
          new SlideModel(
              "CHIEF",
              new AttentionPooling(768, 512, 256, true, "attention_net.0", "attention_net.3."),
              info(
                  "chief",
                  new AttentionPooling(768, 512, 256, true, "", ""),
                  256,
                  1.0,
                  "GPL-3.0 by the README, AGPL-3.0 by the LICENSE file of the repository",
                  new Input("chief", "mean-patch-token", 768),
                  new Input("ctranspath", "mean-patch-token", 768)),
              List.of("CHIEF_pretraining.pth"),
              "https://github.com/hms-dbmi/CHIEF",
              "Wang et al., A pathology foundation model for cancer diagnosis and prognosis prediction, Nature 2024",
              "the authors' code; that features of CTransPath do as well is TRIDENT's practice"),
          gigapath(),
          new SlideModel(
              "TITAN",
              new TitanNetwork(768, 768, 6, 12, 8),
              info("titan", new TitanNetwork(768, 768, 6, 12, 8), 512, 0.5, BY_NC_ND, CONCH_15),
              List.of("model.safetensors"),
              "https://huggingface.co/MahmoodLab/TITAN",
              "Ding et al., Multimodal Whole Slide Foundation Model for Pathology, arXiv 2411.19666",
              "the authors' vision_transformer.py, as DIAGNijmegen's unicorn_baseline carries it; sizes are the defaults of its TitanVisionConfig"),
          new SlideModel(
              "PRISM",
              new PerceiverNetwork(2560, 1280, 512, 8, 6, 8),
              info(
                  "prism",
                  new PerceiverNetwork(2560, 1280, 512, 8, 6, 8),
                  224,
                  0.5,
                  "not read: see the model's page",
                  new Input("virchow", "class-and-mean-patch-token", 2560)),
              List.of("model.safetensors", "pytorch_model.bin"),
              "https://huggingface.co/paige-ai/Prism",
              "Shaikovski et al., PRISM: A Multi-Modal Generative Foundation Model for Slide-Level Histopathology, arXiv 2405.10254",
              "the authors' perceiver.py and config.json, as DIAGNijmegen's unicorn_baseline carries them"),
          new SlideModel(
              "MADELEINE",
              new HeadedPooling(512, 512, 4, 512),
              info(
                  "madeleine",
                  new HeadedPooling(512, 512, 4, 512),
                  256,
                  1.0,
                  BY_NC_ND,
                  new Input("conch", "contrast", 512)),
              List.of("model.pt"),
              "https://huggingface.co/MahmoodLab/madeleine",
              "Jaume et al., Multistain Pretraining for Slide Representation Learning in Pathology, ECCV 2024",
              "the authors' code; sizes are those of their training script, model_config.json was not readable"),
          feather("feather", "CONCH v1.5", 512, CONCH_15, "conch_v15"),
          feather("feather-uni2-h", "UNI2-h", 256, UNI_2, "uni_v2"),
          feather("feather-uni", "UNI", 256, UNI, "uni"),
          cobra(
              "cobra",
              "COBRA",
              new CobraNetwork(List.of(768, 1024, 1280, 1536), 768, 2, 8, 96, 128, 64),
              "pytorch_model.bin",
              new Input("ctranspath", "mean-patch-token", 768)),
          cobra(
              "cobra-2",
              "COBRA II",
              new CobraNetwork(List.of(512, 1024, 1280, 1536), 768, 1, 4, 256, 128, 64),
              "cobraII.pth.tar",
              new Input("conch", "contrast", 512)));

  private SlideModels() {}

  private static SlideModel gigapath() {
    LongNet network =
        new LongNet(
            1536,
            768,
            12,
            16,
            3072,
            1000,
            List.of(1024L, 5792L, 32768L, 185363L, 1048576L),
            List.of(1L, 2L, 4L, 8L, 16L));
    return new SlideModel(
        "Prov-GigaPath slide encoder",
        network,
        info(
            "prov-gigapath",
            network,
            256,
            0.5,
            "Apache-2.0 LICENSE file, with a research-use-only statement in the README",
            new Input("prov-gigapath", "class-token", 1536)),
        List.of("slide_encoder.pth"),
        "https://huggingface.co/prov-gigapath/prov-gigapath",
        "Xu et al., A whole-slide foundation model for digital pathology from real-world data, Nature 2024",
        "the authors' code, with exact attention in place of flash-attn");
  }

  private static SlideModel feather(
      String name, String encoder, int tileSize, Input input, String theirs) {
    AttentionPooling network =
        new AttentionPooling(input.dimension(), 512, 384, false, "patch_embed.0", "global_attn.");
    return new SlideModel(
        "FEATHER-24K (" + encoder + ")",
        network,
        info(name, network, tileSize, 0.5, BY_NC_ND, input),
        List.of("model.safetensors"),
        "https://huggingface.co/MahmoodLab/abmil.base." + theirs + ".pc108-24k",
        "Shao et al., Do Multiple Instance Learning Models Transfer?, ICML 2025",
        "the authors' code");
  }

  /** Trained on tiles of several resolutions, so that none is required. */
  private static SlideModel cobra(
      String name, String title, CobraNetwork network, String file, Input first) {
    return new SlideModel(
        title,
        network,
        info(
            name,
            network,
            224,
            0,
            "not read: see the model's page",
            first,
            UNI,
            new Input("virchow2", "class-token", 1280),
            new Input("h-optimus-0", "class-token", 1536)),
        List.of(file),
        "https://huggingface.co/KatherLab/COBRA",
        "Lenz et al., Unsupervised Foundation Model-Agnostic Slide-Level Representation Learning, CVPR 2025",
        "the authors' code, with transformers' Mamba-2 in place of mamba_ssm");
  }

  private static SlideEncoderInfo info(
      String name,
      SlideNetwork network,
      int tileSize,
      double mpp,
      String licence,
      Input... inputs) {
    return new SlideEncoderInfo(
        name,
        network.describe(),
        network.features().get(0),
        network.dimension(),
        List.of(inputs),
        tileSize,
        mpp,
        network.needsCells(),
        licence,
        "");
  }
}
