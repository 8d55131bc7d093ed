<?php
namespace SandboxStyles;

use CssContentHandler;

class StyleContentHandler extends CssContentHandler {
	public function __construct( $modelId = 'sanitized-css' ) {
		parent::__construct( $modelId );
	}

	protected function getContentClass() {
		return StyleContent::class;
	}
}
